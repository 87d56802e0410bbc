"""What only the account and the network can tell of a failover, for lint. Asks, and changes nothing."""

from stillup.provision.live.gather import read_live

__all__ = ["read_live"]
