"""What is paid for."""

from __future__ import annotations

from stillup.plan.costs import costs
from tests.plan.typed import asked, typed


def test_the_guides_set_up_is_paid_for_in_five_kinds() -> None:
    setup = asked(typed(alert={"emails": ["a@example.com"]}), "index.html", "style.css")
    assert {each.what: each.count for each in costs(setup)} == {
        "S3 bucket": 1,
        "S3 object": 2,
        "health check outside AWS": 1,
        "SNS topic": 1,
        "CloudWatch alarm": 1,
    }


def test_options_of_checks_are_counted_one_by_one() -> None:
    check = {"type": "https", "string": "fine", "interval": "10s", "measure-latency": True}
    setup = asked(
        typed(
            primary={"name": "lb-1.eu-west-1.elb.amazonaws.com", "check": check},
            standby={"address": "198.51.100.1", "check": {"interval": "2s"}},
        )
    )
    assert {each.what: each.count for each in costs(setup)} == {
        "health check in AWS": 1,
        "health check outside AWS": 1,
        "option: fast interval": 2,
        "option: HTTPS": 1,
        "option: string matching": 1,
        "option: latency measurement": 1,
    }


def test_only_the_caller_knows_whose_an_address_is() -> None:
    assert "health check in AWS" in {each.what for each in costs(asked(), primary_in_aws=True)}


def test_what_is_kept_elsewhere_is_not_paid_for_here() -> None:
    setup = asked(
        typed(
            primary={"address": "203.0.113.10", "check": {"existing": "abc"}},
            standby={"bucket": "www.example.com"},
        )
    )
    assert costs(setup) == ()
