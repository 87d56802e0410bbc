"""Rule → answer → TTL: what the servers answer, beside what they should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from stillup.plan.chain.link import Agreement, Link, Since, Stage, Target
from stillup.plan.chain.routing import Ruled, leads_to, role
from stillup.plan.chain.seen import TEST_DNS_ANSWER, Answer
from stillup.plan.moments import clock, stretch
from stillup.plan.setup import Record


def who_answers(answer: Answer, ruled: Ruled) -> tuple[Record, ...]:
    """The records that an answer can have come from; empty where it comes from none of them.

    | the answer's values                                 | records                       |
    |-----------------------------------------------------|-------------------------------|
    | are, or came through, values of records             | those                         |
    | are no record's, and there are aliases              | the aliases: AWS fills them in |
    | are no record's, without aliases                    | none                          |
    """
    if answer.problem is not None or not answer.values:
        return ()
    told = {plain(each) for each in (*answer.values, *answer.through)}
    by_value = tuple(each for each in ruled.records if told & {plain(value) for value in each.values})
    return by_value or tuple(each for each in ruled.records if each.alias is not None)


def plain(value: str) -> str:
    """A value by which two spellings of an address or a name are one."""
    try:
        return ip_address(value).compressed
    except ValueError:
        return value.lower().removesuffix(".")


def target_of(records: Iterable[Record], ruled: Ruled) -> Target:
    """Where these records lead visitors."""
    kinds = {_target(each) for each in records}
    if not kinds:
        return Target.UNKNOWN
    if len(kinds) > 1:
        return Target.MIXED
    (kind,) = kinds
    return Target.MIXED if kind is Target.UNKNOWN and len(ruled.records) > 1 else kind


def _target(record: Record) -> Target:
    match record.failover:
        case "PRIMARY":
            return Target.PRIMARY
        case "SECONDARY":
            return Target.STANDBY
        case _:
            is_alone = record.set_identifier is None
            return Target.PRIMARY if is_alone else Target.UNKNOWN


def answer_link(ruled: Ruled, answers: Sequence[Answer]) -> Link:
    """Beside each other: what should answer, and what the servers do answer.

    | the answers                                    | link    | likely cause                                     |
    |------------------------------------------------|---------|--------------------------------------------------|
    | none were had                                  | unknown | –                                                |
    | all of chosen records                          | agrees  | –                                                |
    | some of chosen records, others not             | differs | not every server has the change yet              |
    | all of what would be chosen after a turn       | agrees  | the check has just turned (noted)                |
    | of records of the group that are not chosen    | differs | on its way; or the locations differ (HC-28)      |
    | of no record                                   | differs | other servers or another zone answer             |
    | no such name, or no data                       | differs | the delegation, or PENDING changes               |
    """
    had = [each for each in answers if each.problem is None]
    lines = tuple(_line(each, ruled) for each in answers)
    should = " or ".join(" ".join(leads_to(each)) for each in ruled.chosen) or "unknown"
    if not had or not ruled.chosen:
        why = "no server was reached" if not had else "no rule to compare with"
        return Link(Stage.ANSWER, ruled.type, f"should be {should}", seen=lines, cause=why)
    agreement, cause = _compare(ruled, had)
    follows = f"answers of {' or '.join(role(each) for each in ruled.chosen)}: {should}"
    return Link(
        Stage.ANSWER,
        ruled.type,
        follows,
        rule="the servers answer with what the rule chose, as soon as they know",
        source="HC-28, CH-6",
        seen=lines,
        agreement=agreement,
        cause=cause,
    )


def _compare(ruled: Ruled, had: Sequence[Answer]) -> tuple[Agreement, str | None]:
    found = [who_answers(each, ruled) for each in had]
    right = [bool(each) and bool(set(map(_id, each)) & set(map(_id, ruled.chosen))) for each in found]
    if all(right):
        return Agreement.AGREES, None
    turned = set(map(_id, ruled.otherwise))
    if turned and all(set(map(_id, each)) & turned for each in found):
        return Agreement.AGREES, "the check has just turned: the servers know before the metric does"
    if any(right):
        return (
            Agreement.DIFFERS,
            "not every server has the change yet: propagation takes seconds, a change is PENDING until then",
        )
    if any(each.rcode == "NXDOMAIN" for each in had):
        return (
            Agreement.DIFFERS,
            "the servers do not know the name: another zone is delegated, or it was just made",
        )
    if any(not each.values for each in had):
        return (
            Agreement.DIFFERS,
            "the servers have no such record: another zone is delegated, or it was just made",
        )
    if not all(found):
        return (
            Agreement.DIFFERS,
            "the answer is none of these records': other servers, or another zone of that name, answer",
        )
    return (
        Agreement.DIFFERS,
        "on its way: each location decides by the reports that it sees, and a change may be PENDING",
    )


def _id(record: Record) -> tuple[str, str | None]:
    return record.type, record.set_identifier


def _line(answer: Answer, ruled: Ruled) -> str:
    if answer.problem is not None:
        return f"{answer.server}: {answer.problem}"
    if not answer.values:
        return f"{answer.server}: {answer.rcode or 'no answer'}, no {answer.type}"
    who = ", ".join(role(each) for each in who_answers(answer, ruled)) or "none of the records"
    ttl = "" if answer.ttl is None else f" TTL {answer.ttl}"
    note = " (asked through the API)" if answer.server == TEST_DNS_ANSWER else ""
    return f"{answer.server}{note}: {', '.join(answer.values)}{ttl} = {who}"


def ttl_link(ruled: Ruled, answers: Sequence[Answer], since: Since, *, now: float) -> Link:
    """How long resolvers may still give the answer of before."""
    ttl, whose = _former_ttl(ruled, answers)
    if ttl is None:
        return Link(Stage.TTL, ruled.type, "how long an answer is kept is not known", cause="no TTL was seen")
    rule = f"resolvers keep an answer for its TTL, {ttl} s{whose}; browsers and apps may keep it for longer"
    source = "AL-2, 8.j"
    if since.at is None or since.is_earliest_known:
        return Link(
            Stage.TTL,
            ruled.type,
            "no other answer is known of that a resolver could still keep",
            rule=rule,
            source=source,
            agreement=Agreement.AGREES if since.is_earliest_known else Agreement.UNKNOWN,
        )
    until = since.at + ttl
    left = until - now
    follows = (
        f"resolvers may keep the former answer until {clock(until, now=now)} UTC, {stretch(left)} from now"
        if left > 0
        else f"no resolver that honours it has kept the former answer since {clock(until, now=now)} UTC"
    )
    return Link(Stage.TTL, ruled.type, follows, rule=rule, source=source, agreement=Agreement.AGREES)


def _former_ttl(ruled: Ruled, answers: Sequence[Answer]) -> tuple[int | None, str]:
    """The longest TTL among the group's records, and whose; else the longest that was seen."""
    typed = [
        (each.ttl, f" ({role(each).removeprefix('the ')}'s)")
        for each in ruled.records
        if each.ttl is not None
    ]
    seen = [(each.ttl, " (as answered)") for each in answers if each.ttl is not None]
    return max(typed or seen, key=lambda each: each[0], default=(None, ""))
