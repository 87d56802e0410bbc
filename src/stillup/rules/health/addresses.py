"""Which addresses may be probed (HC-13).

AWS refuses everything that is not public. People check machines of their own with this engine, so here it is
a setting, and anything goes by default but what is never a server, or gives its secrets to whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


def _networks(texts: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)


NEVER: Final = _networks(
    (
        "0.0.0.0/8",  # "this network", the unspecified address included (RFC 1122 §3.2.1.3)
        "::/128",
        "169.254.0.0/16",  # link-local (RFC 3927), the clouds' metadata services included
        "fe80::/10",  # link-local (RFC 4291 §2.5.6)
        "fd00:ec2::/32",  # EC2's metadata and other link-local services over IPv6
        "fd20:ce::/64",  # Google Cloud's metadata over IPv6
        "100.100.100.200/32",  # Alibaba Cloud's metadata
        "168.63.129.16/32",  # Azure's platform services
        "224.0.0.0/4",  # multicast (RFC 5771)
        "ff00::/8",
        "255.255.255.255/32",  # limited broadcast (RFC 919 §7)
    )
)
"""Never probed, whatever the settings say."""

_NAT64: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class ProbePolicy:
    """The operator's choice. `deny` wins over `allow`; an empty `allow` allows everything else."""

    allow: tuple[Network, ...] = ()
    deny: tuple[Network, ...] = ()

    @classmethod
    def from_text(cls, *, allow: Iterable[str] = (), deny: Iterable[str] = ()) -> ProbePolicy:
        """Networks such as `192.0.2.0/24`, or single addresses. Raises ValueError for anything else."""
        return cls(_networks(allow), _networks(deny))

    def permits(self, address: str | Address) -> bool:
        """Whether probes may go there.

        | in NEVER | denied | allowed, or no list of allowed ones | permitted |
        |----------|--------|-------------------------------------|-----------|
        | yes      | any    | any                                 | no        |
        | no       | yes    | any                                 | no        |
        | no       | no     | no                                  | no        |
        | no       | no     | yes                                 | yes       |

        An IPv6 address that stands for an IPv4 one is judged as both. Raises ValueError for what is no
        address.
        """
        faces = _faces(ip_address(address))
        if any(_within(face, NEVER) or _within(face, self.deny) for face in faces):
            return False
        return not self.allow or any(_within(face, self.allow) for face in faces)


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _faces(address: Address) -> tuple[Address, ...]:
    """The address, and the IPv4 one within it (RFC 4291 §2.5.5.2, RFC 6052)."""
    if isinstance(address, IPv4Address):
        return (address,)
    plain = IPv6Address(int(address))
    if plain.ipv4_mapped is not None:
        return (plain, plain.ipv4_mapped)
    if plain in _NAT64:
        return (plain, IPv4Address(int(plain) & 0xFFFF_FFFF))
    return (plain,)
