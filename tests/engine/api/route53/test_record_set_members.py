"""Record sets from and to the members of botocore's model, whatever a caller puts in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.api.route53.record_set_members import parse_change, parse_form, render_record_set
from stillup.rules.changes import RecordsChanged
from stillup.rules.records import RecordType
from stillup.rules.refusal import Refusal
from stillup.rules.zones.change_batch import ChangeAction, RequestedChange
from stillup.rules.zones.change_form import refuse_forms
from tests.by_hand import zone
from tests.rules.zones.batches import apply

NAMES = st.sampled_from(["example.com", "www.example.com", "*.example.com", "a..example.com"]) | st.text(
    r"ab.\052-_*@é ", max_size=12
)
VALUES = st.sampled_from(["192.0.2.1", "2001:db8::1", '"text"', "10 mail.example.com"]) | st.text(max_size=12)
ALIASES = st.fixed_dictionaries(
    {
        "HostedZoneId": st.sampled_from(["Z1", "Z3AQBSTGFYJSTF", "Z2FDTNDATAQYW2"]),
        "DNSName": NAMES | st.just("s3-website-us-east-1.amazonaws.com"),
        "EvaluateTargetHealth": st.booleans(),
    }
)
RECORD_SETS = st.fixed_dictionaries(
    {"Name": NAMES, "Type": st.sampled_from([each.value for each in RecordType])},
    optional={
        "SetIdentifier": st.sampled_from(["one", "two"]),
        "Weight": st.integers(0, 255),
        "Failover": st.sampled_from(["PRIMARY", "SECONDARY"]),
        "MultiValueAnswer": st.booleans(),
        "GeoLocation": st.sampled_from(
            [
                {"CountryCode": "*"},
                {"CountryCode": "FR"},
                {"ContinentCode": "EU"},
                {"CountryCode": "*", "SubdivisionCode": "*"},
                {},
            ]
        ),
        "TTL": st.integers(0, 2_147_483_647),
        "ResourceRecords": st.lists(st.fixed_dictionaries({"Value": VALUES}), max_size=3),
        "AliasTarget": ALIASES,
        "HealthCheckId": st.sampled_from(["c1", "unknown"]),
        "TrafficPolicyInstanceId": st.just("t"),
    },
)
ACTIONS = st.sampled_from([each.value for each in ChangeAction])
CHANGES = st.fixed_dictionaries({"Action": ACTIONS, "ResourceRecordSet": RECORD_SETS})


@pytest.mark.slow
@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_any_batch_is_accepted_or_refused_with_reasons(changes: list[dict[str, Any]]) -> None:
    refusal = refuse_forms(map(parse_form, changes))
    outcome = refusal or apply(zone(), *map(parse_change, changes))
    if isinstance(outcome, Refusal):
        assert outcome.code in ("InvalidInput", "InvalidChangeBatch", "NoSuchHealthCheck")
        assert outcome.reasons
    else:
        assert isinstance(outcome, RecordsChanged)


@pytest.mark.slow
@given(CHANGES)
def test_what_is_rendered_is_read_back_as_the_same(change: dict[str, Any]) -> None:
    if refuse_forms([parse_form(change)]) is not None:
        return
    read = parse_change(change)
    if not isinstance(read, RequestedChange) or read.faults:
        return
    again = parse_change({**change, "ResourceRecordSet": render_record_set(read.record_set)})
    assert again == read


def test_a_weight_of_zero_is_a_weight() -> None:
    """Zero is not absence."""
    given_set = {"Name": "a.example.com", "Type": "A", "SetIdentifier": "x", "Weight": 0}
    assert parse_form({"Action": "CREATE", "ResourceRecordSet": given_set}).policies == ("Weight",)
