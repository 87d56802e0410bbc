"""Where health checks come from, and what the checkers saw."""

from __future__ import annotations

from botocore.exceptions import ClientError

from stillup.lint.live import Observation
from stillup.plan.setup import CheckConfig
from stillup.provision.errors import code_of
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.read.checks import config_from


def read_checkers(question: Question) -> tuple[str, ...]:
    """The networks of all checkers. Raises NotAsked where the check is made from chosen Regions only: the API does not
    tell which network is where; and ClientError."""
    check = question.primary_check()
    if question.is_engine or check is None or check.config is None:
        raise NotAsked
    if check.config.regions:
        raise NotAsked("the API does not tell which of the checkers' networks belong to the check's Regions")
    return tuple(question.account.route53.get_checker_ip_ranges()["CheckerIpRanges"])


def read_observations(question: Question) -> dict[str, tuple[Observation, ...]]:
    """By id of the check that decides about the primary in the account. Raises NotAsked and ClientError."""
    check = question.actual_check()
    if check is None or check.id is None:
        raise NotAsked
    answer = question.account.route53.get_health_check_status(HealthCheckId=check.id)
    observed = tuple(
        Observation(
            region=each.get("Region", ""),
            is_success=each["StatusReport"]["Status"].startswith("Success"),
            status=each["StatusReport"]["Status"],
        )
        for each in answer["HealthCheckObservations"]
        if each.get("StatusReport", {}).get("Status")
    )
    return {check.id: observed}


def read_existing_checks(question: Question) -> dict[str, CheckConfig | None]:
    """By id: the checks that the plan takes for existing. Raises NotAsked and ClientError."""
    ids = [each.id for each in question.setup.checks.values() if each.config is None and each.id is not None]
    if not ids:
        raise NotAsked
    return {each: _existing(question, each) for each in ids}


def _existing(question: Question, check: str) -> CheckConfig | None:
    try:
        answer = question.account.route53.get_health_check(HealthCheckId=check)
    except ClientError as error:
        if code_of(error) == "NoSuchHealthCheck":
            return None
        raise
    return config_from(answer["HealthCheck"]["HealthCheckConfig"])
