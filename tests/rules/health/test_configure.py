"""What a caller may ask of a check."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheck,
    HealthCheckConfig,
    HealthCheckType,
    InsufficientData,
)
from stillup.rules.health.configure import REGIONS, configure, kind_of
from stillup.rules.health.settings import Settings, settings_of
from stillup.rules.ids import HealthCheckId
from stillup.rules.refusal import Refusal

T = HealthCheckType
CHILD, CALCULATED_CHILD = HealthCheckId("child"), HealthCheckId("calculated")
CHECKS = {
    CHILD: HealthCheck(CHILD, "r1", HealthCheckConfig(T.TCP, ip_address="192.0.2.1", port=1)),
    CALCULATED_CHILD: HealthCheck(
        CALCULATED_CHILD, "r2", HealthCheckConfig(T.CALCULATED, health_threshold=0)
    ),
}
LEAST = {
    T.HTTP: Settings(ip_address="203.0.113.10"),
    T.HTTPS: Settings(ip_address="203.0.113.10"),
    T.HTTP_STR_MATCH: Settings(ip_address="203.0.113.10", search_string="ok"),
    T.HTTPS_STR_MATCH: Settings(ip_address="203.0.113.10", search_string="ok"),
    T.TCP: Settings(ip_address="203.0.113.10", port=22),
    T.CALCULATED: Settings(health_threshold=1),
    T.CLOUDWATCH_METRIC: Settings(alarm_identifier=AlarmIdentifier("us-east-1", "a")),
}
SOME = Settings(
    ip_address="192.0.2.7",
    port=8080,
    resource_path="/health?deep=1",
    fqdn="www.example.com",
    search_string="OK",
    request_interval=10,
    failure_threshold=2,
    measure_latency=True,
    inverted=True,
    disabled=True,
    health_threshold=1,
    child_health_checks=(CHILD,),
    enable_sni=True,
    regions=REGIONS[:3],
    alarm_identifier=AlarmIdentifier("us-east-1", "b"),
    insufficient_data_health_status="Healthy",
    routing_control_arn="arn:aws:route53-recovery-control::1:controlpanel/2/routingcontrol/3",
)
HTTP_ROW = {"ip_address", "port", "resource_path", "fqdn", "request_interval", "failure_threshold"} | {
    "measure_latency",
    "inverted",
    "disabled",
    "regions",
}
TABLE_1_5 = {
    T.HTTP: HTTP_ROW,
    T.HTTPS: HTTP_ROW | {"enable_sni"},
    T.HTTP_STR_MATCH: HTTP_ROW | {"search_string"},
    T.HTTPS_STR_MATCH: HTTP_ROW | {"search_string", "enable_sni"},
    T.TCP: HTTP_ROW - {"resource_path", "fqdn"},
    T.CALCULATED: {"inverted", "disabled", "health_threshold", "child_health_checks"},
    T.CLOUDWATCH_METRIC: {"inverted", "disabled", "alarm_identifier", "insufficient_data_health_status"},
}


def configured(
    kind: HealthCheckType, settings: Settings, *, policy: ProbePolicy | None = None
) -> HealthCheckConfig | Refusal:
    return configure(kind, settings, given=settings, checks=CHECKS, policy=policy or ProbePolicy())


def reasons(kind: HealthCheckType, settings: Settings) -> tuple[str, ...]:
    outcome = configured(kind, settings)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "InvalidInput"
    return outcome.reasons


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
@pytest.mark.parametrize("kind", HealthCheckType)
def test_each_type_takes_exactly_the_settings_of_its_column(kind: HealthCheckType, setting: str) -> None:
    """Table 1.5."""
    outcome = configured(kind, replace(LEAST[kind], **{setting: getattr(SOME, setting)}))
    assert isinstance(outcome, HealthCheckConfig) is (setting in TABLE_1_5[kind])


@pytest.mark.parametrize(
    ("kind", "settings", "reason"),
    [
        (
            T.TCP,
            Settings(ip_address="192.0.2.1", port=1, fqdn="a.example"),
            "TCP health checks that have IP address must not have a fully qualified domain name specified.",
        ),
        (
            T.TCP,
            Settings(ip_address="192.0.2.1", port=1, resource_path="/"),
            "TCP health checks must not have a resource path specified.",
        ),
        (
            T.HTTP,
            Settings(ip_address="192.0.2.1", alarm_identifier=AlarmIdentifier("us-east-1", "a")),
            "Invalid parameter : Basic health checks must not have an metric region specified.",
        ),
        (
            T.TCP,
            Settings(ip_address="192.0.2.1", port=1, insufficient_data_health_status="Healthy"),
            "Basic health checks must not have an insufficient data health state specified",
        ),
        (
            T.CALCULATED,
            Settings(health_threshold=1, failure_threshold=3),
            "Calculated health checks must not have a failure threshold specified.",
        ),
    ],
)
def test_refusals_are_in_the_words_that_aws_was_seen_to_use(
    kind: HealthCheckType, settings: Settings, reason: str
) -> None:
    """HC-22."""
    assert reasons(kind, settings) == (reason,)


@pytest.mark.parametrize(
    ("kind", "settings", "word"),
    [
        (T.HTTP, Settings(), "an IP address or a fully qualified domain name"),
        (T.TCP, Settings(ip_address="192.0.2.1"), "must have a port"),
        (T.HTTP_STR_MATCH, Settings(fqdn="a.example"), "must have a search string"),
        (T.HTTP_STR_MATCH, Settings(fqdn="a.example", search_string=""), "must have a search string"),
        (T.HTTPS, Settings(fqdn="a.example", search_string="x"), "must not have a search string"),
        (T.CALCULATED, Settings(), "must have a health threshold"),
        (T.CLOUDWATCH_METRIC, Settings(), "must have an metric region"),
    ],
)
def test_what_a_type_needs_is_asked_for(kind: HealthCheckType, settings: Settings, word: str) -> None:
    """HC-4, HC-11, table 1.5."""
    assert word in reasons(kind, settings)[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ip_address": "not an address"},
        {"ip_address": "192.0.2.300"},
        {"ip_address": ""},
        {"ip_address": "169.254.169.254"},
        {"ip_address": "2001:db8::1%eth0"},
        {"ip_address": "2001:db8::1%\r\nX: y"},
        {"port": 0},
        {"port": 65536},
        {"resource_path": "/" + "a" * 255},
        {"resource_path": "/a b"},
        {"resource_path": "/\r\nHost: other"},
        {"resource_path": "/é"},
        {"fqdn": "a" * 64 + ".example"},
        {"fqdn": "a.example\r\nX: y"},
        {"fqdn": "a..example"},
        {"fqdn": "."},
        {"request_interval": 20},
        {"request_interval": 0},
        {"failure_threshold": 0},
        {"failure_threshold": 11},
        {"regions": REGIONS[:2]},
        {"regions": ("us-east-1",) * 3},
        {"regions": (*REGIONS[:3], "eu-central-1")},
    ],
)
def test_values_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    """Table 1.5, HC-9, HC-13, HC-18."""
    assert len(reasons(T.HTTP, replace(LEAST[T.HTTP], **wrong))) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"health_threshold": -1},
        {"health_threshold": 257},
        {"child_health_checks": (HealthCheckId("unknown"),)},
        {"child_health_checks": (CALCULATED_CHILD,)},
        {"child_health_checks": (CHILD,) * 257},
    ],
)
def test_a_calculated_check_has_bounds_and_children_that_exist(wrong: dict[str, object]) -> None:
    """HC-36, HC-37."""
    assert len(reasons(T.CALCULATED, replace(LEAST[T.CALCULATED], **wrong))) == 1  # type: ignore[arg-type]


def test_a_child_that_is_named_twice_is_one_child() -> None:
    config = configured(T.CALCULATED, Settings(health_threshold=2, child_health_checks=(CHILD, CHILD)))
    assert isinstance(config, HealthCheckConfig)
    assert config.child_health_checks == (CHILD,)


def test_everything_wrong_is_said_at_once() -> None:
    settings = Settings(ip_address="224.0.0.1", resource_path="/", request_interval=5, port=0)
    assert len(reasons(T.TCP, settings)) == 4


def test_aws_defaults_are_filled_in_and_nothing_else() -> None:
    """Table 1.5, HC-17."""
    assert configured(T.HTTP, LEAST[T.HTTP]) == HealthCheckConfig(
        T.HTTP, ip_address="203.0.113.10", request_interval=30, failure_threshold=3, enable_sni=False
    )
    assert configured(T.CALCULATED, LEAST[T.CALCULATED]) == HealthCheckConfig(
        T.CALCULATED, health_threshold=1
    )


@pytest.mark.parametrize(
    ("kind", "asked", "sni"),
    [
        (T.HTTPS, None, True),
        (T.HTTPS, False, False),
        (T.HTTPS_STR_MATCH, None, True),
        (T.HTTP, None, False),
        (T.HTTP, False, False),
        (T.TCP, None, False),
        (T.TCP, False, False),
        (T.CALCULATED, None, None),
    ],
)
def test_sni_is_on_by_default_where_there_is_tls(
    kind: HealthCheckType, asked: bool | None, sni: bool | None
) -> None:
    """HC-17."""
    config = configured(kind, replace(LEAST[kind], enable_sni=asked))
    assert isinstance(config, HealthCheckConfig)
    assert config.enable_sni is sni


def test_empty_texts_count_as_none() -> None:
    config = configured(T.HTTP, replace(LEAST[T.HTTP], fqdn="", resource_path=""))
    assert isinstance(config, HealthCheckConfig)
    assert (config.fqdn, config.resource_path) == (None, None)


def test_the_search_string_is_kept_to_the_letter() -> None:
    config = configured(T.HTTP_STR_MATCH, replace(LEAST[T.HTTP], search_string="  <b>OK</b> é\n"))
    assert isinstance(config, HealthCheckConfig)
    assert config.search_string == "  <b>OK</b> é\n"


@pytest.mark.parametrize("kind", HealthCheckType)
def test_the_settings_of_a_config_make_it_again(kind: HealthCheckType) -> None:
    config = configured(kind, LEAST[kind])
    assert isinstance(config, HealthCheckConfig)
    assert configured(kind, settings_of(config)) == config


def test_a_routing_control_is_refused_clearly() -> None:
    refusal = kind_of("RECOVERY_CONTROL")
    assert isinstance(refusal, Refusal)
    assert refusal.message.endswith("RECOVERY_CONTROL are not evaluated by this engine yet.")


def test_what_insufficient_data_means_is_one_of_three_and_last_known_by_default() -> None:
    """HC-41, table 1.5."""
    least = LEAST[T.CLOUDWATCH_METRIC]
    config = configured(T.CLOUDWATCH_METRIC, least)
    assert isinstance(config, HealthCheckConfig)
    assert config.insufficient_data_health_status is InsufficientData.LAST_KNOWN_STATUS
    wrong = replace(least, insufficient_data_health_status="Whatever")
    assert "must be one of Healthy, Unhealthy, LastKnownStatus" in reasons(T.CLOUDWATCH_METRIC, wrong)[0]
