"""From observations to the message: what was seen of a failover, which rule makes what of it, whether both agree.

```text
observations → verdicts → status → rule → answer → TTL → page
                            └────→ alarm → message
```
"""
