"""Which addresses may be probed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.addresses import NEVER, ProbePolicy


@pytest.mark.parametrize(
    "address",
    ["203.0.113.10", "10.0.0.1", "192.168.1.1", "127.0.0.1", "100.64.0.1", "::1", "2001:db8::1", "fd12::1"],
)
def test_by_default_private_and_local_machines_may_be_probed(address: str) -> None:
    """HC-13, where this engine differs from AWS on purpose."""
    assert ProbePolicy().permits(address)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "239.255.255.250",
        "ff02::1",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
    ],
)
def test_link_local_metadata_and_multicast_are_never_probed(address: str) -> None:
    assert not ProbePolicy().permits(address)
    assert not ProbePolicy.from_text(allow=["0.0.0.0/0", "::/0"]).permits(address)


@pytest.mark.parametrize(
    ("allow", "deny", "address", "permitted"),
    [
        (["169.254.0.0/16"], [], "169.254.1.1", False),
        (["10.0.0.0/8"], ["10.1.0.0/16"], "10.1.2.3", False),
        ([], ["10.1.0.0/16"], "10.1.2.3", False),
        (["10.0.0.0/8"], [], "192.0.2.1", False),
        (["10.0.0.0/8"], ["10.1.0.0/16"], "10.2.2.3", True),
        ([], ["10.1.0.0/16"], "192.0.2.1", True),
        ([], ["10.1.0.0/16"], "::ffff:10.1.2.3", False),
        (["10.0.0.0/8"], [], "::ffff:10.1.2.3", True),
        (["192.0.2.1"], [], "192.0.2.1", True),
    ],
)
def test_deny_wins_over_allow(allow: list[str], deny: list[str], address: str, permitted: bool) -> None:
    assert ProbePolicy.from_text(allow=allow, deny=deny).permits(address) is permitted


@pytest.mark.slow
@given(st.ip_addresses())
def test_what_is_never_probed_is_not_probed_in_disguise(address: object) -> None:
    text = str(address)
    if not ProbePolicy().permits(text):
        assert not ProbePolicy.from_text(allow=[text]).permits(text)


def test_a_network_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        ProbePolicy.from_text(deny=["10.0.0.0/99"])


def test_the_list_of_what_is_never_probed_has_both_families() -> None:
    assert {network.version for network in NEVER} == {4, 6}
