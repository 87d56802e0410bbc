"""The least policy: what it names, what it leaves out, how long it is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stillup.plan.calls import Scope
from stillup.plan.policy import MANAGED_POLICY_LIMIT, least_policy, size_of
from stillup.plan.setup import Alarm, Bucket, Check, CheckConfig, Record, Setup, Topic, Zone
from stillup.plan.verb import Verb
from stillup.rules.iam.document import parse_document
from stillup.rules.refusal import Refusal

ACCOUNT = "123456789012"


def setup_of(name: str = "www.example.com", zone: str | None = "Z1") -> Setup:
    return Setup(
        name=name,
        zone=Zone("example.com", zone),
        records=(Record(name, "A", "stillup-primary", "PRIMARY", ttl=60, values=("203.0.113.10",)),),
        checks={"primary": Check("primary", CheckConfig("HTTP"), id="c1")},
        bucket=Bucket(name, "us-east-1"),
        topics=(Topic("topic", "alerts", "us-east-1"),),
        alarms=(
            Alarm(
                "ill",
                "us-east-1",
                "AWS/Route53",
                "HealthCheckStatus",
                {},
                "Minimum",
                60,
                1,
                1.0,
                "LessThanThreshold",
            ),
        ),
    )


def statements(*verbs: Verb, scope: Scope | None = None, **names: str) -> dict[str, dict[str, object]]:
    document = least_policy(verbs, [scope or Scope(setup_of())], **{"account_id": ACCOUNT, **names})
    return {each["Sid"]: each for each in document["Statement"]}


def actions(*verbs: Verb, scope: Scope | None = None) -> set[str]:
    found: set[str] = set()
    for each in statements(*verbs, scope=scope).values():
        action = each["Action"]
        found |= set(action) if isinstance(action, list) else {str(action)}
    return found


def test_records_are_changed_in_this_zone_under_this_name_only() -> None:
    """IA-2."""
    changes = statements(Verb.APPLY)["ChangeRecords"]
    assert changes["Resource"] == "arn:aws:route53:::hostedzone/Z1"
    assert changes["Condition"] == {
        "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["www.example.com"],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
            "route53:ChangeResourceRecordSetsActions": ["CREATE", "DELETE", "UPSERT"],
        }
    }


def test_what_is_taken_away_needs_only_deletes() -> None:
    condition = statements(Verb.DESTROY)["ChangeRecords"]["Condition"]
    assert isinstance(condition, dict)
    assert condition["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsActions"] == ["DELETE"]


def test_a_wildcard_name_is_written_as_conditions_see_it() -> None:
    """IA-2: octal escapes."""
    condition = statements(Verb.APPLY, scope=Scope(setup_of("*.example.com")))["ChangeRecords"]["Condition"]
    assert isinstance(condition, dict)
    names = condition["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"]
    assert names == ["\\052.example.com"]


@pytest.mark.parametrize("verb", [Verb.PLAN, Verb.STATUS, Verb.WATCH, Verb.WHY, Verb.IMPORT, Verb.LINT])
def test_verbs_that_look_may_change_nothing(verb: Verb) -> None:
    looking = ("Get", "List", "Describe", "TestDNSAnswer")
    assert all(each.partition(":")[2].startswith(looking) for each in actions(verb))


def test_a_drill_touches_the_check_that_is_known_and_no_other() -> None:
    assert statements(Verb.DRILL)["ChangeHealthChecks"]["Resource"] == "arn:aws:route53:::healthcheck/c1"
    assert "route53:DeleteHealthCheck" not in actions(Verb.DRILL)


def test_only_the_drill_that_stops_instances_may_stop_these_instances() -> None:
    scope = Scope(setup_of(), region="eu-west-1", method="instances", instances=("i-1", "i-2"))
    found = statements(Verb.DRILL, scope=scope)["ChangePrimary"]
    assert found["Action"] == ["ec2:StartInstances", "ec2:StopInstances"]
    assert found["Resource"] == [
        f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/{each}" for each in ("i-1", "i-2")
    ]
    assert "route53:UpdateHealthCheck" not in actions(Verb.DRILL, scope=scope)
    assert "ec2:StopInstances" not in actions(Verb.DRILL)


def test_a_check_that_is_kept_elsewhere_is_never_changed() -> None:
    kept = replace(setup_of(), checks={"primary": Check("primary", None, id="c9")})
    forbidden = {"route53:CreateHealthCheck", "route53:UpdateHealthCheck", "route53:DeleteHealthCheck"}
    assert not forbidden & actions(Verb.APPLY, Verb.DESTROY, scope=Scope(kept))


def test_a_bucket_that_is_only_pointed_at_is_never_written() -> None:
    pointed = replace(setup_of(), bucket=Bucket("www.example.com", "us-east-1", is_published=False))
    found = actions(Verb.APPLY, Verb.DESTROY, scope=Scope(pointed))
    assert not {each for each in found if each.startswith(("s3:Put", "s3:Delete", "s3:Create"))}


@pytest.mark.parametrize("shares", [True, False])
def test_only_who_shares_a_topic_may_hand_its_tag_on(shares: bool) -> None:
    assert ("sns:TagResource" in actions(Verb.DESTROY, scope=Scope(setup_of(), shares=shares))) is shares


def test_what_is_not_known_is_any() -> None:
    found = statements(Verb.APPLY, scope=Scope(setup_of(zone=None)), account_id="*")
    assert found["ReadRecords"]["Resource"] == "arn:aws:route53:::hostedzone/*"
    assert found["ChangeAlarm"]["Resource"] == "arn:aws:cloudwatch:us-east-1:*:alarm:ill"


def test_arns_are_in_the_partition() -> None:
    found = statements(*Verb, partition="aws-cn")
    resources = [each["Resource"] for each in found.values()]
    texts = [text for each in resources for text in (each if isinstance(each, list) else [each])]
    assert {str(each).split(":")[1] for each in texts if each != "*"} == {"aws-cn"}


def test_zones_of_several_failovers_do_not_share_their_names() -> None:
    scopes = [Scope(setup_of("a.example.com", "Z1")), Scope(setup_of("b.example.org", "Z2"))]
    document = least_policy([Verb.APPLY], scopes, account_id=ACCOUNT)
    changes = [each for each in document["Statement"] if each["Sid"].startswith("ChangeRecords")]
    names = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    assert [
        (each["Resource"], each["Condition"]["ForAllValues:StringEquals"][names]) for each in changes
    ] == [
        ("arn:aws:route53:::hostedzone/Z1", ["a.example.com"]),
        ("arn:aws:route53:::hostedzone/Z2", ["b.example.org"]),
    ]


def test_every_verb_of_five_failovers_fits_into_a_managed_policy() -> None:
    scopes = [Scope(setup_of(f"site-{number}.example.com")) for number in range(5)]
    document = least_policy(Verb, scopes, account_id=ACCOUNT)
    assert size_of(document) < MANAGED_POLICY_LIMIT


def test_iam_takes_the_policy_of_every_verb() -> None:
    document = least_policy(Verb, [Scope(setup_of())], account_id=ACCOUNT)
    assert not isinstance(parse_document(json.dumps(document)), Refusal)
    sids = [each["Sid"] for each in document["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(each.isalnum() for each in sids)
