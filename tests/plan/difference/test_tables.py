"""What is done about each kind of resource, row by row of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from stillup.plan.difference import difference
from stillup.plan.ownership import caller_reference
from stillup.plan.setup import AliasTarget, Check, Record, Setup, Subscription
from stillup.plan.step import Action, Plan
from stillup.rules.health.configure import REGIONS
from tests.plan.folding import NOTHING, carried_out
from tests.plan.typed import asked, page, typed

ADDRESS = {"address": "203.0.113.10"}
ALERT = {"emails": ["oncall@example.com"]}


def account(**keys: Any) -> Setup:
    """An account that this failover was applied to."""
    return carried_out(difference(asked(typed(**keys)), NOTHING))


def done(plan: Plan) -> list[tuple[str, str]]:
    assert plan.refusals == ()
    return [(step.action.value, step.address) for step in plan.steps]


def changed(plan: Plan) -> dict[str, set[str]]:
    return {step.address: {each.attribute for each in step.differences} for step in plan.steps}


def refused(plan: Plan) -> list[str]:
    return [refusal.id for refusal in plan.refusals]


def with_check(setup: Setup, **changes: Any) -> Setup:
    ((key, check),) = setup.checks.items()
    return replace(setup, checks={key: replace(check, **changes)})


def with_config(setup: Setup, **changes: Any) -> Setup:
    (check,) = setup.checks.values()
    assert check.config is not None
    return with_check(setup, config=replace(check.config, **changes))


# --- checks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"port": None, "enable_sni": None, "failure_threshold": None, "regions": ("us-east-1",) * 0}, []),
        ({"fqdn": "WWW.example.com."}, []),
        ({"inverted": True}, [("update", "check/primary")]),
        ({"disabled": True, "resource_path": "/other"}, [("update", "check/primary")]),
        ({"ip_address": "203.0.113.99"}, [("update", "check/primary")]),
    ],
)
def test_drift_of_a_check_is_healed_and_other_spellings_are_no_drift(
    changes: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert done(difference(asked(), with_config(account(), **changes))) == expected


def test_all_eight_regions_are_the_same_as_none() -> None:
    """HC-18."""
    assert done(difference(asked(), with_config(account(), regions=tuple(reversed(REGIONS))))) == []


@pytest.mark.parametrize(
    "check",
    [{"type": "tcp"}, {"string": "fine"}, {"interval": "10s"}, {"measure-latency": True}],
)
def test_what_cannot_be_changed_is_made_anew_and_the_old_check_goes_last(check: dict[str, Any]) -> None:
    """HC-2: the new check, then the record, then the old one."""
    plan = difference(asked(typed(primary=ADDRESS | {"check": check}, ttl=30)), account(ttl=30))
    old = plan.steps[-1]
    assert done(plan) == [
        ("replace", "check/primary"),
        ("update", "record/A/PRIMARY"),
        ("delete", old.address),
    ]
    assert isinstance(old.before, Check)
    assert changed(plan)["record/A/PRIMARY"] == {"HealthCheckId"}
    assert plan.steps[0].why is not None and "cannot be changed" in plan.steps[0].why


def test_an_address_that_becomes_a_name_needs_a_new_check() -> None:
    before = account(primary=ADDRESS | {"check": {}})
    plan = difference(asked(typed(primary={"name": "origin.example.net", "check": {}})), before)
    assert plan.steps[0].action is Action.REPLACE


def test_a_stillup_tag_that_is_no_longer_planned_is_taken_off_and_foreign_tags_stay() -> None:
    before = with_check(
        account(),
        tags={
            **next(iter(account().checks.values())).tags,
            "stillup:latch": "true",
            "team": "web",
            "Name": "mine",
        },
    )
    plan = difference(asked(), before)
    assert changed(plan) == {"check/primary": {"tag stillup:latch"}}
    (after,) = [step.after for step in plan.steps]
    assert isinstance(after, Check)
    assert (after.tags["team"], after.tags["Name"], "stillup:latch" in after.tags) == ("web", "mine", False)


def test_a_check_that_a_crash_left_untagged_is_known_by_its_caller_reference() -> None:
    """HC-43."""
    (check,) = asked().checks.values()
    assert check.config is not None
    left = replace(
        check,
        key="id-1",
        id="id-1",
        tags={},
        caller_reference=caller_reference(NOTHING.name, "primary", check.config),
    )
    plan = difference(asked(), replace(NOTHING, checks={"id-1": left}))
    assert ("update", "check/primary") in done(plan)
    assert ("create", "check/primary") not in done(plan)


def foreign_check(setup: Setup, **changes: Any) -> Setup:
    theirs = with_config(with_check(setup, tags={"team": "web"}, caller_reference="theirs"), **changes)
    records = tuple(replace(each, set_identifier=f"their {each.failover}") for each in setup.records)
    return replace(theirs, records=records)


def test_another_hands_check_is_used_as_it_is_where_it_is_as_planned() -> None:
    plan = difference(asked(), foreign_check(account()))
    assert done(plan) == []
    assert any("left alone" in note for note in plan.failovers[0].notes)


def test_another_hands_check_that_differs_is_refused_by_its_name_with_the_way_out() -> None:
    plan = difference(asked(), foreign_check(account(), port=81))
    (refusal,) = plan.refusals
    assert refusal.id == "not-ours"
    assert "Port is 81, not 80" in refusal.text
    assert "--adopt" in refusal.remedy


def test_adoption_changes_what_can_be_and_leaves_what_cannot() -> None:
    assert done(difference(asked(), foreign_check(account(), port=81), adopt=True)) == [
        ("adopt", "check/primary")
    ]
    plan = difference(asked(), foreign_check(account(), type="HTTPS"), adopt=True)
    assert done(plan) == [("create", "check/primary"), ("adopt", "record/A/PRIMARY")]
    assert any("it stays" in note for note in plan.failovers[0].notes)


def test_a_check_that_is_kept_elsewhere_is_named_and_never_touched() -> None:
    wanted = asked(typed(primary=ADDRESS | {"check": {"existing": "abc"}}))
    before = foreign_check(account(), port=81)
    before = replace(before, checks={"abc": replace(next(iter(before.checks.values())), key="abc", id="abc")})
    before = replace(
        before, records=tuple(replace(each, check=each.check and "abc") for each in before.records)
    )
    assert done(difference(wanted, before)) == []


# --- records --------------------------------------------------------------------------------------

SIMPLE = Record("www.example.com", "A", ttl=300, values=("203.0.113.10",))
WEIGHTED = Record(
    "www.example.com", "A", "blue", other_routing={"Weight": 1}, ttl=300, values=("203.0.113.10",)
)
CNAME = Record("www.example.com", "CNAME", ttl=300, values=("origin.example.net",))
MAIL = Record("www.example.com", "MX", ttl=300, values=("10 mail.example.com",))


@pytest.mark.parametrize(
    "record", [SIMPLE, WEIGHTED, CNAME], ids=lambda record: str(record.other_routing or record.type)
)
def test_a_record_in_the_way_is_refused_and_gives_way_within_one_batch_when_adopted(record: Record) -> None:
    before = replace(NOTHING, records=(record,))
    assert refused(difference(asked(), before)) == ["in-the-way"]
    plan = difference(asked(), before, adopt=True)
    records = [step for step in plan.steps if step.kind.value == "record"]
    assert [step.action.value for step in records] == ["delete", "create", "create"]
    assert plan.steps[-3:] == tuple(records), "one run of steps: one change batch"


def test_mail_never_gives_way_to_a_cname() -> None:
    wanted = asked(typed(primary={"name": "origin.example.net", "check": {}}))
    before = replace(NOTHING, records=(MAIL,))
    assert refused(difference(wanted, before, adopt=True)) == ["in-the-way"]


def test_other_records_at_the_name_are_nobodys_business() -> None:
    text = Record("www.example.com", "TXT", ttl=300, values=('"hello"',))
    before = account()
    before = replace(before, records=(*before.records, text, MAIL))
    assert [step for step in difference(asked(), before).steps if step.kind.value == "record"] == []


def drifted(setup: Setup, role: str, **changes: Any) -> Setup:
    records = (replace(each, **changes) if each.failover == role else each for each in setup.records)
    return replace(setup, records=tuple(records))


@pytest.mark.parametrize(
    ("role", "changes", "attributes"),
    [
        ("PRIMARY", {"ttl": 300}, {"TTL"}),
        ("PRIMARY", {"values": ("203.0.113.99",)}, {"ResourceRecords"}),
        ("PRIMARY", {"check": "gone"}, {"HealthCheckId"}),
        (
            "SECONDARY",
            {
                "alias": AliasTarget(
                    "Z3AQBSTGFYJSTF", "b.example.com.s3-website-us-east-1.amazonaws.com", True
                )
            },
            {"AliasTarget.DNSName", "AliasTarget.EvaluateTargetHealth"},
        ),
        (
            "SECONDARY",
            {
                "alias": AliasTarget(
                    "Z3AQBSTGFYJSTF", "www.example.com.s3-website-us-east-1.amazonaws.com", False
                )
            },
            None,
        ),
        (
            "SECONDARY",
            {"alias": AliasTarget("Z3AQBSTGFYJSTF", "S3-website-us-east-1.amazonaws.com.", False)},
            None,
        ),
        ("PRIMARY", {"set_identifier": "renamed by hand"}, None),
    ],
)
def test_drift_of_a_record_is_healed(role: str, changes: dict[str, Any], attributes: set[str] | None) -> None:
    plan = difference(asked(), drifted(account(), role, **changes))
    assert changed(plan) == ({} if attributes is None else {f"record/A/{role}": attributes})


def test_either_published_zone_id_of_a_region_will_do() -> None:
    """3.1: the tables disagree about af-south-1."""
    keys = {"standby": {"folder": "site", "region": "af-south-1"}}
    alias = AliasTarget("Z11KHD8FBVPUYU", "s3-website.af-south-1.amazonaws.com", False)
    assert done(difference(asked(typed(**keys)), drifted(account(**keys), "SECONDARY", alias=alias))) == []


def test_adopted_records_keep_their_identifiers() -> None:
    before = foreign_check(drifted(account(), "PRIMARY", ttl=300))
    assert refused(difference(asked(), before)) == ["not-ours"]
    plan = difference(asked(), before, adopt=True)
    after = {step.after.set_identifier for step in plan.steps if isinstance(step.after, Record)}
    assert after == {"their PRIMARY"}


# --- the bucket -----------------------------------------------------------------------------------


def test_objects_are_compared_by_content_and_stale_ones_go() -> None:
    before = carried_out(difference(asked(None, "index.html", "old.css", "same.css"), NOTHING))
    assert before.bucket is not None
    edited = {**before.bucket.objects, "index.html": page("index.html", "other")}
    plan = difference(
        asked(None, "index.html", "same.css", "new.css"),
        replace(before, bucket=replace(before.bucket, objects=edited)),
    )
    assert done(plan) == [
        ("create", "object/new.css"),
        ("update", "object/index.html"),
        ("delete", "object/old.css"),
    ]


@pytest.mark.parametrize(
    ("content_type", "expected"), [(None, []), ("text/plain", [("update", "object/index.html")])]
)
def test_headers_are_compared_where_they_were_read(
    content_type: str | None, expected: list[tuple[str, str]]
) -> None:
    before = account()
    assert before.bucket is not None
    stored = replace(before.bucket.objects["index.html"], content_type=content_type, cache_control=None)
    bucket = replace(before.bucket, objects={"index.html": stored})
    assert done(difference(asked(), replace(before, bucket=bucket))) == expected


def test_the_same_policy_in_another_layout_is_no_drift() -> None:
    policy = """{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::www.example.com/*"], "Sid": "x"}, "Version": "2012-10-17"}"""
    before = account()
    assert before.bucket is not None
    assert done(difference(asked(), replace(before, bucket=replace(before.bucket, policy=policy)))) == []


def test_a_bucket_that_was_shut_is_opened_and_the_plan_says_so() -> None:
    before = account()
    assert before.bucket is not None and before.bucket.block is not None
    shut = replace(before.bucket, block=replace(before.bucket.block, block_public_policy=True), policy=None)
    plan = difference(asked(), replace(before, bucket=shut))
    assert done(plan) == [("update", "bucket/public-access-block"), ("update", "bucket/policy")]
    assert [step.why is not None for step in plan.steps] == [True, True]


def test_a_bare_bucket_is_what_a_crash_left_and_is_gone_on_with() -> None:
    before = account()
    assert before.bucket is not None
    bare = replace(before.bucket, tags={}, objects={}, policy=None, website=None, block=None)
    plan = difference(asked(), replace(before, bucket=bare))
    assert ("adopt", "bucket") in done(plan)


def test_a_bucket_cannot_move() -> None:
    wanted = asked(typed(standby={"folder": "site", "region": "eu-west-1"}))
    assert "bucket-cannot-move" in refused(difference(wanted, account()))


def test_a_bucket_stays_as_long_as_another_hands_record_points_at_it() -> None:
    """A name that points at a bucket that is gone is anybody's (takeover)."""
    before = account()
    records = tuple(replace(each, set_identifier="theirs") for each in before.records)
    theirs = with_check(replace(before, records=records), tags={}, caller_reference="theirs")
    assert refused(difference(asked(), theirs, destroy=True)) == ["in-use"]


def test_foreign_objects_keep_a_bucket_from_being_destroyed() -> None:
    before = carried_out(difference(asked(None, "index.html", "theirs.pdf"), NOTHING))
    plan = difference(asked(), before, destroy=True)
    assert refused(plan) == ["foreign-objects"]
    assert "1 of the 2 objects" in plan.refusals[0].text
    assert "theirs.pdf" in plan.refusals[0].text
    assert refused(difference(asked(), before, destroy=True, force=True)) == []


# --- topic and alarm ------------------------------------------------------------------------------


def subscribed(setup: Setup, *subscriptions: Subscription) -> Setup:
    (topic,) = setup.topics
    return replace(setup, topics=(replace(topic, subscriptions=subscriptions),))


def test_subscriptions_follow_the_plan_and_what_a_plan_cannot_ask_for_stays() -> None:
    before = subscribed(
        account(alert=ALERT),
        Subscription("email", "gone@example.com", "arn:1", is_confirmed=True),
        Subscription("email", "never@example.com", "PendingConfirmation"),
        Subscription("lambda", "arn:aws:lambda:x", "arn:2", is_confirmed=True),
    )
    plan = difference(asked(typed(alert=ALERT)), before)
    assert done(plan) == [
        ("create", "subscription/email/oncall@example.com"),
        ("delete", "subscription/email/gone@example.com"),
    ]
    assert any("never@example.com" in note for note in plan.failovers[0].notes)


def test_an_alarm_that_somebody_silenced_is_healed() -> None:
    before = account(alert=ALERT)
    (alarm,) = before.alarms
    silenced = replace(before, alarms=(replace(alarm, actions_enabled=False, ok_actions=()),))
    assert changed(difference(asked(typed(alert=ALERT)), silenced)) == {
        "alarm": {"ActionsEnabled", "OKActions"}
    }


def test_what_cloudwatch_fills_in_is_no_drift() -> None:
    """CW-5."""
    before = account(alert=ALERT)
    (alarm,) = before.alarms
    listed = replace(alarm, datapoints_to_alarm=1, threshold=1.0)
    assert done(difference(asked(typed(alert=ALERT)), replace(before, alarms=(listed,)))) == []


def test_another_hands_alarm_of_that_name_is_refused_unless_it_does_the_same() -> None:
    before = account(alert=ALERT)
    (alarm,) = before.alarms
    theirs = replace(alarm, tags={}, description="theirs")
    assert done(difference(asked(typed(alert=ALERT)), replace(before, alarms=(theirs,)))) == []
    louder = replace(theirs, threshold=0.5)
    assert refused(difference(asked(typed(alert=ALERT)), replace(before, alarms=(louder,)))) == ["not-ours"]
    adopted = difference(asked(typed(alert=ALERT)), replace(before, alarms=(louder,)), adopt=True)
    assert done(adopted) == [("adopt", "alarm")]


def test_a_topic_that_is_kept_elsewhere_is_left_alone_and_the_plan_says_so() -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:ops"
    plan = difference(asked(typed(alert=ALERT | {"topic": arn})), account())
    assert [address for _, address in done(plan)] == ["alarm"]
    assert any("oncall@example.com" in note for note in plan.failovers[0].notes)
