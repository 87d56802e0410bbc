"""The `stillup:` tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.health.refinements import (
    Pace,
    Refinements,
    pace,
    parse_refinements,
    refinements_of,
)
from stillup.rules.ids import HealthCheckId
from stillup.rules.refusal import Refusal


def a_check(config: HealthCheckConfig, **tags: str) -> HealthCheck:
    spelled = {f"stillup:{key.replace('_', '-')}": value for key, value in tags.items()}
    return HealthCheck(HealthCheckId("a"), "reference", config, tags=spelled)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("stillup:interval", "500ms", Refinements(interval=0.5)),
        ("stillup:interval", "0.1", Refinements(interval=0.1)),
        ("stillup:interval", "1h", Refinements(interval=3600)),
        ("stillup:interval", " 10 s ", Refinements(interval=10)),
        ("stillup:confirm-interval", "1s", Refinements(confirm_interval=1)),
        ("stillup:timeout", "1m", Refinements(timeout=60)),
        ("stillup:verify-tls", "true", Refinements(verify_tls=True)),
        ("stillup:verify-tls", "false", Refinements()),
        ("stillup:expect", "200-299,418", Refinements(expect=(range(200, 300), range(418, 419)))),
        ("stillup:expect", "200 204", Refinements(expect=(range(200, 201), range(204, 205)))),
        ("stillup:fall", "1", Refinements(fall=1)),
        ("stillup:rise", "100", Refinements(rise=100)),
        ("stillup:recover-after", "24h", Refinements(recover_after=86400)),
        ("stillup:recover-after", "0", Refinements()),
        ("stillup:latch", "true", Refinements(latch=True)),
        ("Name", "stillup:nothing", Refinements()),
    ],
)
def test_each_tag_is_understood(key: str, value: str, expected: Refinements) -> None:
    assert parse_refinements({key: value}) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stillup:interval", "0.09"),
        ("stillup:interval", "3601"),
        ("stillup:interval", "99ms"),
        ("stillup:interval", ""),
        ("stillup:interval", "ten seconds"),
        ("stillup:interval", "-1s"),
        ("stillup:interval", "nan"),
        ("stillup:interval", "1e1"),
        ("stillup:interval", "١s"),
        ("stillup:confirm-interval", "2h"),
        ("stillup:timeout", "0"),
        ("stillup:timeout", "61s"),
        ("stillup:verify-tls", "yes"),
        ("stillup:expect", ""),
        ("stillup:expect", "99"),
        ("stillup:expect", "600"),
        ("stillup:expect", "299-200"),
        ("stillup:expect", "200,"),
        ("stillup:expect", "2xx"),
        ("stillup:fall", "0"),
        ("stillup:rise", "101"),
        ("stillup:rise", "1.5"),
        ("stillup:recover-after", "25h"),
        ("stillup:latch", "1"),
    ],
)
def test_a_bad_value_is_refused_with_what_it_must_be(key: str, value: str) -> None:
    refusal = parse_refinements({key: value})

    assert isinstance(refusal, Refusal)
    assert refusal.code == "InvalidInput"
    assert refusal.reasons[0].startswith(f"The value of the tag {key} must be ")


def test_all_bad_tags_are_named_at_once() -> None:
    refusal = parse_refinements({"stillup:fall": "0", "Name": "web", "stillup:latch": "maybe"})

    assert isinstance(refusal, Refusal)
    assert refusal.reasons == (
        "The value of the tag stillup:fall must be a whole number from 1 to 100, not '0'.",
        "The value of the tag stillup:latch must be true or false, not 'maybe'.",
    )


@pytest.mark.parametrize(
    ("key", "meant"),
    [("stillup:intervals", "stillup:interval"), ("Stillup:Latch", "stillup:latch")],
)
def test_a_misspelt_tag_is_refused_with_the_one_that_was_meant(key: str, meant: str) -> None:
    refusal = parse_refinements({key: "true"})

    assert isinstance(refusal, Refusal)
    assert refusal.reasons == (f"The tag {key} does not exist: did you mean {meant}?",)


def test_a_tag_that_resembles_none_is_refused_with_the_list_of_all() -> None:
    refusal = parse_refinements({"stillup:zzz": "1"})

    assert isinstance(refusal, Refusal)
    assert "stillup:recover-after" in refusal.message


def test_without_the_tag_the_codes_from_200_to_399_are_successes() -> None:
    """HC-1."""
    plain = Refinements()
    assert [
        code for code in (199, 200, 301, 399, 400, 503) if any(code in codes for codes in plain.expect)
    ] == [200, 301, 399]


def test_a_stored_tag_that_is_no_longer_accepted_is_inert() -> None:
    check = a_check(HealthCheckConfig(HealthCheckType.HTTP), fall="0", rise="2")
    assert refinements_of(check) == Refinements(rise=2)


HTTP = HealthCheckConfig(HealthCheckType.HTTP, request_interval=10, failure_threshold=2)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (a_check(HealthCheckConfig(HealthCheckType.HTTP)), Pace(30, 30, 4, 2, 2, 3, 3)),
        (a_check(HealthCheckConfig(HealthCheckType.TCP)), Pace(30, 30, 10, 2, 2, 3, 3)),
        (a_check(HTTP), Pace(10, 10, 4, 2, 2, 2, 2)),
        (a_check(HTTP, interval="1s"), Pace(1, 1, 4, 2, 2, 2, 2)),
        (a_check(HTTP, confirm_interval="1s"), Pace(10, 1, 4, 2, 2, 2, 2)),
        (a_check(HTTP, confirm_interval="20s"), Pace(10, 10, 4, 2, 2, 2, 2)),
        (a_check(HTTP, timeout="500ms"), Pace(10, 10, 0.5, 0.5, 0.5, 2, 2)),
        (a_check(HTTP, fall="1", rise="5"), Pace(10, 10, 4, 2, 2, 1, 5)),
    ],
)
def test_the_pace_is_the_tags_then_the_config_then_the_defaults(check: HealthCheck, expected: Pace) -> None:
    """Tables 1.2 and 1.5."""
    assert pace(check) == expected


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from(["stillup:interval", "stillup:expect", "stillup:fall", "stillup:x", "Name"]),
        st.text(max_size=12) | st.from_regex(r"[0-9.,\-smh ]{0,8}", fullmatch=True),
    )
)
def test_no_text_is_beyond_a_refusal(tags: dict[str, str]) -> None:
    parsed = parse_refinements(tags)
    if isinstance(parsed, Refinements):
        assert parsed.interval is None or 0.1 <= parsed.interval <= 3600
        assert parsed.fall is None or 1 <= parsed.fall <= 100
        assert all(parsed.expect)
    else:
        assert parsed.reasons
