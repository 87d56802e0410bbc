"""CREATE, DELETE and UPSERT, one by one and together (CH-1 … CH-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.zones.change_batch import ChangeAction, RequestedChange, UnreadableChange
from tests.by_hand import PRIMARY, SECONDARY, failover, name, simple, website_alias, zone
from tests.rules.zones.batches import CHECK, after, create, delete, refused, upsert

WWW = simple("www.example.com", "A", "192.0.2.1", "192.0.2.2")
OTHER = simple("www.example.com", "A", "192.0.2.9")
MEMBER = failover(WWW, PRIMARY, CHECK)

EXISTS = "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists"
MISSING = "Tried to delete resource record set [name='www.example.com.', type='A'] but it was not found"
DIFFERS = (
    "Tried to delete resource record set [name='www.example.com.', type='A']"
    " but the values provided do not match the current values"
)
CONTRADICTED = "The request contains an invalid set of changes for a resource record set 'A www.example.com.'"


@pytest.mark.parametrize(
    ("action", "there", "given", "reasons"),
    [
        (ChangeAction.CREATE, None, WWW, []),
        (ChangeAction.CREATE, WWW, WWW, [EXISTS]),
        (ChangeAction.CREATE, WWW, OTHER, [EXISTS]),
        (ChangeAction.UPSERT, None, WWW, []),
        (ChangeAction.UPSERT, WWW, WWW, []),
        (ChangeAction.UPSERT, WWW, OTHER, []),
        (ChangeAction.DELETE, None, WWW, [MISSING]),
        (ChangeAction.DELETE, WWW, OTHER, [DIFFERS]),
        (ChangeAction.DELETE, WWW, WWW, []),
    ],
)
def test_an_action_needs_the_set_to_be_there_or_not(
    action: ChangeAction, there: RecordSet | None, given: RecordSet, reasons: list[str]
) -> None:
    before = zone(*(() if there is None else (there,)))
    assert refused(before, RequestedChange(action, given)) == reasons
    if not reasons:
        left = () if action is ChangeAction.DELETE else (given,)
        assert after(before, RequestedChange(action, given)) == zone(*left)


@pytest.mark.parametrize(
    ("given", "matches"),
    [
        (simple("www.example.com", "A", "192.0.2.2", "192.0.2.1"), True),
        (simple("www.example.com", "A", "192.0.2.1"), False),
        (replace(WWW, ttl=301), False),
        (replace(WWW, health_check_id=CHECK), False),
        (website_alias("www.example.com"), False),
    ],
)
def test_a_delete_must_repeat_all_values_in_any_order(given: RecordSet, matches: bool) -> None:
    assert refused(zone(WWW), delete(given)) == ([] if matches else [DIFFERS])


def test_a_delete_must_repeat_the_policy() -> None:
    secondary = replace(MEMBER, failover=SECONDARY)
    shown = "[name='www.example.com.', type='A', set-identifier='primary']"
    assert refused(zone(MEMBER), delete(secondary)) == [
        f"Tried to delete resource record set {shown} but the values provided do not match the current values"
    ]
    assert refused(zone(MEMBER), delete(WWW)) == [MISSING]


def test_spelling_of_values_does_not_matter_to_a_delete() -> None:
    there = simple("www.example.com", "AAAA", "2001:db8::1")
    given = simple("www.example.com", "AAAA", "2001:DB8:0::1")
    assert after(zone(there), delete(given)) == zone()


@pytest.mark.parametrize(
    ("actions", "fine"),
    [
        ("DELETE CREATE", True),
        ("CREATE DELETE", False),
        ("CREATE CREATE", False),
        ("DELETE DELETE", False),
        ("UPSERT UPSERT", False),
        ("DELETE UPSERT", False),
        ("UPSERT DELETE", False),
        ("DELETE CREATE DELETE", False),
    ],
)
def test_a_batch_may_replace_a_set_but_not_contradict_itself(actions: str, fine: bool) -> None:
    changes = [RequestedChange(ChangeAction(action), WWW) for action in actions.split()]
    assert refused(zone(WWW), *changes) == ([] if fine else [CONTRADICTED])


def test_the_same_name_may_have_many_types_and_identifiers() -> None:
    members = (
        failover(simple("www.example.com", "A", "192.0.2.1"), PRIMARY, CHECK),
        failover(simple("www.example.com", "A", "192.0.2.2"), SECONDARY),
        simple("www.example.com", "MX", "10 mail.example.com."),
    )
    assert after(zone(), *map(create, members)) == zone(*members)


def test_primary_and_secondary_may_change_places_in_one_batch() -> None:
    one = failover(simple("www.example.com", "A", "192.0.2.1"), PRIMARY, CHECK)
    two = replace(failover(simple("www.example.com", "A", "192.0.2.2"), SECONDARY, CHECK))
    swapped = (replace(one, failover=SECONDARY), replace(two, failover=PRIMARY))
    assert after(zone(one, two), *map(upsert, swapped)) == zone(*swapped)


def test_all_reasons_are_listed_in_the_order_of_the_request() -> None:
    bad_value = RequestedChange(
        ChangeAction.CREATE, replace(WWW, name=name("bad.example.com"), records=()), faults=("bad value",)
    )
    assert refused(
        zone(WWW),
        create(WWW),
        UnreadableChange(("bad name",)),
        create(simple("www.example.net", "A", "192.0.2.1")),
        bad_value,
        delete(simple("gone.example.com", "A", "192.0.2.1")),
        create(simple("www.example.com", "CNAME", "a.example.com.")),
    ) == [
        EXISTS,
        "bad name",
        "RRSet with DNS name www.example.net. is not permitted in zone example.com.",
        "bad value",
        "Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found",
        (
            "RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other"
            " records with the same DNS name in zone example.com."
        ),
    ]


def test_a_set_with_a_bad_value_makes_no_other_change_look_wrong() -> None:
    """The alias below is right: its target is in the batch, only misspelt."""
    target = RequestedChange(ChangeAction.CREATE, replace(WWW, records=()), faults=("bad value",))
    pointing = website_alias("alias.example.com")
    assert pointing.alias is not None
    pointing = replace(
        pointing, alias=replace(pointing.alias, zone_id=zone().id, dns_name=name("www.example.com"))
    )
    assert refused(zone(), create(pointing), target) == ["bad value"]


def test_a_refused_batch_leaves_the_zone_unchanged() -> None:
    before = zone(WWW)
    assert refused(before, delete(WWW), create(OTHER), create(simple("x.example.net", "A", "192.0.2.1")))
    assert before == zone(WWW)
