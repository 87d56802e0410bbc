"""The chain: what is seen beside what follows, link by link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.plan.chain.chain import tell
from stillup.plan.chain.changes import changes
from stillup.plan.chain.link import Agreement, Chain, Link, Stage, Target
from stillup.plan.chain.seen import ActionTaken, AlarmSeen, Answer, CheckSeen, Observation, Page, Seen
from stillup.plan.setup import AliasTarget, Check, CheckConfig, Record, Subscription
from tests.plan.chain.scene import (
    NOW,
    PRIMARY,
    SITE,
    STANDBY,
    TOPIC_ARN,
    alarm,
    answered,
    check,
    failed_over,
    observed,
    primary,
    published,
    setup,
    standby,
    topic,
    well,
)


def link(chain: Chain, stage: Stage) -> Link:
    (found,) = [each for each in chain.links if each.stage is stage]
    return found


def with_check(seen: Seen, **members: object) -> Seen:
    """The scene with another config of its check."""
    changed = replace(check, config=replace(check.config or CheckConfig("HTTP"), **members))  # type: ignore[arg-type]
    return replace(seen, setup=replace(seen.setup, checks={"c1": changed}))


def test_all_is_well_where_every_link_agrees() -> None:
    chain = tell(well())
    assert chain.visitors_get is Target.PRIMARY
    assert chain.where == (PRIMARY,)
    assert (chain.checkers_healthy, chain.checkers) == (12, 12)
    assert chain.problems == ()
    assert {each.stage for each in chain.links} == set(Stage) - {Stage.PAGE}
    assert not [each for each in chain.links if each.agreement is Agreement.DIFFERS]


def test_a_failover_that_works_is_told_with_its_time_and_its_message() -> None:
    chain = tell(failed_over())
    assert chain.visitors_get is Target.STANDBY
    assert chain.since.at == published(0, 0, 1)[1].at
    assert not chain.since.is_earliest_known
    assert link(chain, Stage.STATUS).follows == "unhealthy"
    assert "the standby answers" in link(chain, Stage.RULE).follows
    assert link(chain, Stage.ANSWER).agreement is Agreement.AGREES
    assert link(chain, Stage.ALARM).agreement is Agreement.AGREES
    assert link(chain, Stage.MESSAGE).follows == "told: oncall@example.com"
    assert set(chain.problems) == {"visitors get the standby", "alarm ill is ALARM"}


def test_a_single_result_is_no_verdict_and_the_chain_says_so() -> None:
    """HC-24: nobody outside knows how many came in a row."""
    verdicts = link(tell(well()), Stage.VERDICTS)
    assert verdicts.agreement is Agreement.UNKNOWN
    assert "how many came in a row" in (verdicts.cause or "")


@pytest.mark.parametrize(
    ("healthy", "failing", "values", "status", "agreement"),
    [
        (12, 0, (1,), "healthy", Agreement.AGREES),
        (0, 12, (0,), "unhealthy", Agreement.AGREES),
        (2, 10, (0,), "unhealthy", Agreement.AGREES),
        (3, 9, (1,), "healthy", Agreement.AGREES),
        (0, 12, (1,), "unhealthy", Agreement.DIFFERS),
        (12, 0, (0,), "healthy", Agreement.DIFFERS),
        (12, 0, (), "healthy", Agreement.UNKNOWN),
        (0, 0, (0,), "unhealthy", Agreement.UNKNOWN),
        (0, 0, (), "healthy", Agreement.UNKNOWN),
    ],
)
def test_the_status_is_counted_beside_what_was_published(
    healthy: int, failing: int, values: tuple[float, ...], status: str, agreement: Agreement
) -> None:
    """HC-23: more than 18 % of the checkers."""
    shown = CheckSeen(observed(healthy=healthy, failing=failing), (), published(*values))
    found = link(tell(replace(well(), checks={"c1": shown})), Stage.STATUS)
    assert found.follows.startswith(status)
    assert found.agreement is agreement


def test_a_disabled_check_is_healthy_whatever_anybody_sees() -> None:
    """HC-32."""
    chain = tell(with_check(failed_over(), disabled=True))
    assert link(chain, Stage.STATUS).follows == "healthy"
    assert link(chain, Stage.STATUS).agreement is Agreement.DIFFERS


def test_an_inverted_check_turns_the_count_round() -> None:
    """HC-31."""
    chain = tell(
        with_check(
            replace(failed_over(), checks={"c1": CheckSeen(observed(healthy=12), (), published(0))}),
            inverted=True,
        )
    )
    assert link(chain, Stage.STATUS).follows == "unhealthy"
    assert link(chain, Stage.STATUS).agreement is Agreement.AGREES


def test_a_latch_is_named_where_a_check_does_not_come_back() -> None:
    held = replace(check, tags={"stillup:latch": "true"})
    shown = CheckSeen(observed(healthy=12), (), published(0, 0))
    seen = replace(failed_over(), setup=replace(setup, checks={"c1": held}), checks={"c1": shown})
    assert "latch" in (link(tell(seen), Stage.STATUS).cause or "")


def test_a_calculated_check_is_counted_from_its_children() -> None:
    """HC-35."""
    parent = Check("p", CheckConfig("CALCULATED", health_threshold=1, child_health_checks=("c1",)), id="p")
    seen = replace(
        failed_over(),
        setup=replace(
            setup, checks={"p": parent, "c1": check}, records=(replace(primary, check="p"), standby)
        ),
    )
    chain = tell(seen)
    assert [each.follows for each in chain.links if each.stage is Stage.STATUS] == ["unhealthy", "unhealthy"]
    assert chain.visitors_get is Target.STANDBY


@pytest.mark.parametrize(
    ("answers", "agreement", "cause"),
    [
        ((), Agreement.UNKNOWN, "no server was reached"),
        ((answered(STANDBY),), Agreement.AGREES, None),
        ((answered(STANDBY), answered(PRIMARY, server="b")), Agreement.DIFFERS, "not every server"),
        ((answered(PRIMARY),), Agreement.DIFFERS, "on its way"),
        ((Answer("a", "A", rcode="NXDOMAIN"),), Agreement.DIFFERS, "do not know the name"),
        ((Answer("a", "A", rcode="NOERROR"),), Agreement.DIFFERS, "no such record"),
        ((Answer("a", "A", problem="no answer within 3 s"),), Agreement.UNKNOWN, "no server was reached"),
    ],
)
def test_what_the_servers_answer_is_held_against_the_rule(
    answers: tuple[Answer, ...], agreement: Agreement, cause: str | None
) -> None:
    found = link(tell(replace(failed_over(), answers=answers)), Stage.ANSWER)
    assert found.agreement is agreement
    assert (found.cause is None) if cause is None else cause in (found.cause or "")


def test_an_answer_of_no_record_comes_from_somewhere_else() -> None:
    plain = replace(standby, alias=None, ttl=60, values=(STANDBY,))
    seen = replace(well(), setup=replace(setup, records=(primary, plain)), answers=(answered("192.0.2.99"),))
    chain = tell(seen)
    assert chain.visitors_get is Target.UNKNOWN
    assert "none of these records" in (link(chain, Stage.ANSWER).cause or "")


def test_an_answer_ahead_of_the_metric_is_no_contradiction() -> None:
    shown = CheckSeen(observed(healthy=0, failing=12), (), published(1, 1))
    found = link(tell(replace(failed_over(), checks={"c1": shown})), Stage.ANSWER)
    assert found.agreement is Agreement.AGREES
    assert "just turned" in (found.cause or "")


def test_an_address_record_of_the_other_family_bypasses_the_failover() -> None:
    extra = Record(SITE, "AAAA", ttl=60, values=("2001:db8::1",))
    chain = tell(replace(well(), setup=replace(setup, records=(primary, standby, extra))))
    assert "the AAAA record is no failover record: visitors who ask for it do not fail over" in chain.problems


def test_a_cname_pair_is_recognised_by_the_names_on_the_way() -> None:
    one = replace(primary, type="CNAME", values=("origin.example.net.",))
    two = replace(standby, type="CNAME", alias=None, ttl=60, values=("spare.example.net",))
    found = Answer("a", "A", values=("192.0.2.8",), ttl=60, rcode="NOERROR", through=("spare.example.net",))
    seen = replace(failed_over(), setup=replace(setup, records=(one, two)), answers=(found,))
    assert tell(seen).visitors_get is Target.STANDBY


@pytest.mark.parametrize(
    ("routing", "chosen"),
    [({"Weight": 10}, "record one"), ({"MultiValueAnswer": True}, "record one"), ({}, "record one")],
)
def test_other_policies_are_told_by_their_own_rule(routing: dict[str, object], chosen: str) -> None:
    """2.3: the member whose check is ill is left out."""
    one = replace(primary, failover=None, other_routing=routing, check=None)
    two = Record(SITE, "A", "two", other_routing=routing, ttl=60, values=(STANDBY,), check="c1")
    records = (one, two) if routing else (one,)
    chain = tell(replace(failed_over(), setup=replace(setup, records=records), answers=(answered(PRIMARY),)))
    assert link(chain, Stage.RULE).follows == f"{chosen} answers for A"
    assert link(chain, Stage.ANSWER).agreement is Agreement.AGREES


def test_where_the_visitor_decides_the_chain_says_where_its_knowledge_ends() -> None:
    one = replace(primary, failover=None, other_routing={"Region": "eu-west-1"})
    found = link(tell(replace(well(), setup=replace(setup, records=(one,)))), Stage.RULE)
    assert found.agreement is Agreement.UNKNOWN
    assert "only Route 53 knows" in (found.cause or "")


def test_health_comes_through_an_alias_within_the_zone() -> None:
    """RT-7: the alias is as well as what it leads to."""
    nested = replace(
        primary, ttl=None, values=(), check=None, alias=AliasTarget("Z1", "pool.example.com", True)
    )
    member = Record("pool.example.com", "A", ttl=60, values=(PRIMARY,), check="c1")
    seen = replace(failed_over(), setup=replace(setup, records=(nested, standby)), targets=(member,))
    assert "the standby answers" in link(tell(seen), Stage.RULE).follows


def test_the_former_answer_is_kept_until_its_ttl_is_over() -> None:
    chain = tell(failed_over())
    assert "no resolver that honours it has kept" in link(chain, Stage.TTL).follows
    slow = replace(setup, records=(replace(primary, ttl=600), standby))
    assert (
        "may keep the former answer until"
        in link(tell(replace(failed_over(), setup=slow)), Stage.TTL).follows
    )


@pytest.mark.parametrize(("state", "agreement"), [("ALARM", Agreement.AGREES), ("OK", Agreement.DIFFERS)])
def test_the_alarm_is_held_against_its_rule(state: str, agreement: Agreement) -> None:
    """CW-18."""
    shown = {"ill": AlarmSeen(state, "…", NOW - 60)}
    found = link(tell(replace(failed_over(), alarms=shown)), Stage.ALARM)
    assert (found.follows, found.agreement) == ("ALARM", agreement)


def test_nobody_is_told_where_nobody_has_confirmed() -> None:
    waiting = replace(topic, subscriptions=(Subscription("email", "oncall@example.com"),))
    chain = tell(replace(failed_over(), setup=replace(setup, topics=(waiting,))))
    assert link(chain, Stage.MESSAGE).follows == "nobody is told"
    assert chain.pending == ("oncall@example.com",)
    assert "nobody is told: no subscription is confirmed" in chain.problems


def test_a_recovery_without_action_is_told_to_nobody() -> None:
    silent = replace(setup, alarms=(replace(alarm, ok_actions=()),))
    assert link(tell(replace(well(), setup=silent)), Stage.MESSAGE).follows == "nobody is told of OK"


def test_a_topic_that_refuses_the_alarm_is_found() -> None:
    shown = replace(
        failed_over().alarms["ill"], actions=(ActionTaken(NOW - 60, TOPIC_ARN, False, "Failed to execute"),)
    )
    found = link(tell(replace(failed_over(), alarms={"ill": shown})), Stage.MESSAGE)
    assert found.agreement is Agreement.DIFFERS
    assert "topic's policy" in (found.cause or "")


def test_a_page_that_cannot_be_opened_from_here_is_no_proof_that_nobody_can() -> None:
    lost = Page("http://www.example.com/", PRIMARY, problem="the connection was refused")
    found = link(tell(replace(well(), pages=(lost,))), Stage.PAGE)
    assert found.agreement is Agreement.UNKNOWN
    broken = Page("http://www.example.com/", PRIMARY, 500, "oops")
    assert link(tell(replace(well(), pages=(broken,))), Stage.PAGE).agreement is Agreement.DIFFERS


def test_a_standby_that_says_503_says_it_on_purpose() -> None:
    sorry = Page("http://www.example.com/", STANDBY, 503, "back soon")
    assert link(tell(replace(failed_over(), pages=(sorry,))), Stage.PAGE).agreement is Agreement.AGREES


def test_since_when_ends_where_the_datapoints_end() -> None:
    since = tell(well()).since
    assert since.is_earliest_known
    assert since.at == published(1, 1, 1, 1, 1)[-1].at


def test_without_datapoints_the_alarm_says_since_when() -> None:
    blind = {"c1": CheckSeen(observed(healthy=0, failing=12), (), None)}
    since = tell(replace(failed_over(), checks=blind)).since
    assert since.at == NOW - 60
    assert "alarm" in since.source


def test_where_no_server_answers_nobody_knows_what_visitors_get() -> None:
    lost = Answer("192.0.2.53:53", "A", problem="no answer within 3 s")
    chain = tell(replace(well(), answers=(lost,)))
    assert chain.visitors_get is Target.UNKNOWN
    assert chain.where == ()
    assert chain.problems == ("no server answered, so what visitors get could not be seen",)


def test_the_last_failure_is_told_with_its_date_where_it_was_days_ago() -> None:
    long_ago = Observation("us-east-1", "192.0.2.1", NOW - 3 * 86_400, "Failure: Connection timed out.")
    seen = {"c1": CheckSeen(observed(healthy=12), (long_ago,), published(1, 1, 1, 1, 1))}
    (line,) = link(tell(replace(well(), checks=seen)), Stage.VERDICTS).seen
    assert line.startswith("last failure 2027-01-12 ")


def test_nothing_seen_is_told_without_a_fault() -> None:
    chain = tell(Seen(now=NOW, setup=setup))
    assert chain.visitors_get is Target.PRIMARY
    assert chain.since.at is None


def test_a_name_without_records_leads_nobody_anywhere() -> None:
    chain = tell(Seen(now=NOW, setup=replace(setup, records=())))
    assert chain.visitors_get is Target.NOBODY
    assert not chain.is_well


def test_a_check_that_is_gone_cannot_be_predicted() -> None:
    """HC-44."""
    chain = tell(replace(well(), setup=replace(setup, checks={}), checks={}))
    assert any("does not exist" in each for each in link(chain, Stage.RULE).seen)


def test_changes_are_what_is_otherwise_and_nothing_else() -> None:
    first, second = tell(well()), tell(failed_over())
    assert {each.what for each in changes(None, first)} == {
        "visitors",
        "answer",
        "checkers",
        "alarm ill",
        "told",
    }
    assert changes(first, first) == ()
    assert [str(each) for each in changes(first, second)] == [
        "visitors: standby (was primary)",
        f"answer: {STANDBY} (was {PRIMARY})",
        "checkers: 0 of 12 healthy (was 12 of 12 healthy)",
        "alarm ill: ALARM (was OK)",
    ]
