"""A failover's life in an account: applied, found as planned, changed by hand, healed, taken away."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.provision.errors import ProvisionFailed
from stillup.provision.progress import Done, Waiting
from tests.provision.everything import everything
from tests.provision.typed import Typed, told

MADE = [
    "create bucket",
    "create bucket/public-access-block",
    "create bucket/policy",
    "create bucket/website",
    "create object/style.css",
    "create object/index.html",
    "create check/primary",
    "create topic",
    "create subscription/email/oncall@example.com",
    "create alarm",
    "create record/A/PRIMARY",
    "create record/A/SECONDARY",
]


@pytest.mark.slow
def test_what_is_applied_is_there_and_a_second_run_finds_nothing_to_do(typed: Typed) -> None:
    drawn = typed.draw()
    assert told(drawn.plan.steps) == MADE
    events = typed.carry_out(drawn)
    assert [each.step for each in events if isinstance(each, Done)] == list(drawn.plan.steps)
    assert any(isinstance(each, Waiting) for each in events)
    assert told(typed.draw().plan.steps) == []


@pytest.mark.slow
def test_destroy_leaves_nothing_and_touches_no_neighbour(typed: Typed, tmp_path_factory: Any) -> None:
    neighbour = Typed.new(typed.account, tmp_path_factory.mktemp("neighbour"))
    neighbour.apply()
    before = everything(typed)
    typed.apply()
    assert everything(typed) != before
    typed.destroy()
    assert everything(typed) == before
    assert told(typed.draw(destroy=True).plan.steps) == []
    assert told(neighbour.draw().plan.steps) == []


@pytest.mark.slow
def test_what_cannot_be_changed_is_made_anew_and_the_old_one_goes(typed: Typed) -> None:
    typed.apply()
    old = checks(typed)
    typed.changes["primary"] = typed.primary(interval=10)
    steps = told(typed.apply())
    assert steps == [
        "replace check/primary",
        "update alarm",
        "update record/A/PRIMARY",
        f"delete check/{old[0]}",
    ]
    assert told(typed.draw().plan.steps) == []
    assert len(checks(typed)) == 1
    assert checks(typed) != old


@pytest.mark.slow
def test_a_standby_that_is_no_folder_any_more_takes_its_bucket_away_after_the_record(typed: Typed) -> None:
    typed.apply()
    typed.changes["standby"] = {"address": "203.0.113.20"}
    assert told(typed.apply()) == [
        "update record/A/SECONDARY",
        "delete object/index.html",
        "delete object/style.css",
        "delete bucket",
    ]
    assert told(typed.draw().plan.steps) == []


def test_a_plan_that_is_refused_changes_nothing(typed: Typed) -> None:
    route53 = typed.account.route53
    simple = {"Name": typed.name, "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": "203.0.113.1"}]}
    route53.change_resource_record_sets(
        HostedZoneId=typed.zone_id,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": simple}]},  # type: ignore[typeddict-item]
    )
    before = everything(typed)
    drawn = typed.draw()
    assert drawn.plan.refusals
    with pytest.raises(ProvisionFailed):
        typed.carry_out(drawn)
    assert everything(typed) == before


def checks(typed: Typed) -> list[str]:
    """Ids of the checks that are this failover's."""
    drawn = typed.draw()
    return sorted(drawn.grounds[typed.name].actual.checks)
