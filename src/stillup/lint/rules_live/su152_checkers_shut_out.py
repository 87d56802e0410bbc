"""SU152: the instance's security groups do not let the health checkers in."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Ingress, Instance, Live
from stillup.lint.rules_live.judging import primary_check
from stillup.lint.rules_live.worked import INSTANCE, NOW, SITE, TYPED_INSTANCE
from stillup.lint.subject import Subject

Network = IPv4Network | IPv6Network

_GLOBAL = "15.177.0.0/18"
"""Of the service ROUTE53_HEALTHCHECKS in ip-ranges.json, the Region GLOBAL."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every instance whose groups admit not all of the checkers' networks to the check's port.

    | a rule of the groups for TCP and the port         | admitted      |
    |---------------------------------------------------|---------------|
    | the managed prefix list for Route 53 health checks | all          |
    | a network that contains a checker's network        | that network |
    | anything else                                      | nothing      |

    Where the API does not tell the checkers' networks, GLOBAL's is asked for alone: it belongs to every check.
    """
    live, check = subject.live, primary_check(subject)
    if live is None or live.instances is None or check is None:
        return
    if check.ip_address is None and check.fqdn is None:
        return
    checkers = live.checkers or (_GLOBAL,)
    port = check.port or (443 if check.type.startswith("HTTPS") else 80)
    for instance in live.instances.values():
        if instance.ingress is None:
            continue
        shut_out = _shut_out(instance.ingress, port, checkers, is_ipv6=":" in (check.ip_address or ""))
        if shut_out:
            some = ", ".join(shut_out[:3]) + (", …" if len(shut_out) > 3 else "")
            yield Finding(
                f"the security groups of {instance.id} shut out {len(shut_out)} of the health checkers' networks "
                f"from port {port}: {some}",
                "primary.check",
            )


def _shut_out(rules: Iterable[Ingress], port: int, checkers: Iterable[str], *, is_ipv6: bool) -> list[str]:
    fitting = [rule for rule in rules if _is_for(rule, port)]
    wanted = "ipv6.route53-healthchecks" if is_ipv6 else "route53-healthchecks"
    names = {
        name.partition("com.amazonaws.")[2].partition(".")[2]
        for rule in fitting
        for name in rule.prefix_lists
    }
    if wanted in names:
        return []
    admitted = [ip_network(each, strict=False) for rule in fitting for each in rule.networks]
    return [
        text for text in checkers if (":" in text) == is_ipv6 and not _is_within(ip_network(text), admitted)
    ]


def _is_for(rule: Ingress, port: int) -> bool:
    if rule.protocol == "-1":
        return True
    is_from = rule.from_port is None or rule.from_port <= port
    return rule.protocol in ("tcp", "6") and is_from and (rule.to_port is None or port <= rule.to_port)


def _is_within(network: Network, admitted: Iterable[Network]) -> bool:
    if isinstance(network, IPv4Network):
        return any(network.subnet_of(each) for each in admitted if isinstance(each, IPv4Network))
    return any(network.subnet_of(each) for each in admitted if isinstance(each, IPv6Network))


def _guarded_by(*rules: Ingress) -> Live:
    instances = {INSTANCE: Instance(INSTANCE, "running", rules)}
    return Live(NOW, instances=instances, checkers=("15.177.0.0/18", "54.183.255.128/26"))


RULE = Rule(
    id="SU152",
    title="Health checkers shut out",
    severity=Severity.ERROR,
    reason=(
        "Checkers that cannot reach the primary call it ill. The networks of GLOBAL count too: without them a "
        "part of the checkers is always shut out."
    ),
    source="The guide's pitfalls; semantics 8.l, DG:dns-failover-router-firewall-rules",
    remedy=(
        "Admit the prefix list `com.amazonaws.REGION.route53-healthchecks` to the check's port, or all published "
        "networks of ROUTE53_HEALTHCHECKS, GLOBAL's included."
    ),
    find=find,
    fails=Example(TYPED_INSTANCE, SITE, _guarded_by(Ingress("tcp", 80, 80, ("54.183.255.128/26",)))),
    passes=Example(TYPED_INSTANCE, SITE, _guarded_by(Ingress("tcp", 80, 80, ("0.0.0.0/0",)))),
    is_live=True,
)
