"""Sound plans of every shape, as somebody types them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from stillup.rules.durations import render_duration
from stillup.rules.health.configure import REGIONS

Typed = dict[str, Any]

_labels = st.from_regex(r"[a-z]([a-z0-9]{0,8}|[a-z0-9-]{1,8}[a-z0-9])", fullmatch=True)
_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.sampled_from("\n\t0e1.-:#'\""),
    min_size=1,
    max_size=20,
)
_durations = st.integers(1, 36_000).map(lambda tenths: tenths / 10)
_typed_durations = _durations | _durations.map(render_duration)
_paces = st.floats(0.1, 60).map(lambda seconds: round(max(seconds, 0.1), 9))
_addresses = st.ip_addresses().map(str)
_ids = st.from_regex(r"Z[A-Z0-9]{5,20}", fullmatch=True)
_names = st.builds("{}.{}.net".format, _labels, _labels)


def _some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Typed]:
    return st.fixed_dictionaries(
        {}, optional={key.rstrip("_").replace("_", "-"): each for key, each in optional.items()}
    )


_plain_checks = _some(
    port=st.integers(1, 65535),
    host=_names,
    address=_addresses,
    interval=_typed_durations,
    failures=st.integers(1, 10),
    regions=st.lists(st.sampled_from(REGIONS), min_size=3, unique=True),
    sni=st.booleans(),
    inverted=st.booleans(),
    disabled=st.booleans(),
    measure_latency=st.booleans(),
    verify_tls=st.booleans(),
    confirm_interval=_paces,
    timeout=_paces,
    fall=st.integers(1, 100),
    rise=st.integers(1, 100),
)
_web_checks = st.builds(
    lambda plain, web: plain | web,
    _plain_checks,
    _some(
        type=st.sampled_from(("http", "https")),
        path=_text,
        string=_text,
        expect=st.sampled_from((200, "200", "200-299", "200-299,418")),
    ),
)
_checks = (
    _web_checks
    | _plain_checks.map(lambda check: check | {"type": "tcp"})
    | st.just({"existing": "abcd-1234"})
    | st.just({})
)
_aliases = st.builds(
    lambda needed, more: needed | more,
    st.fixed_dictionaries({"zone-id": _ids, "name": _names}),
    _some(
        evaluate_target_health=st.booleans(),
        types=st.lists(st.sampled_from(("A", "AAAA")), min_size=1, unique=True),
    ),
)
_targets = (
    st.fixed_dictionaries({"address": _addresses})
    | st.fixed_dictionaries({"addresses": st.lists(_addresses, min_size=1, max_size=3, unique=True)})
    | st.fixed_dictionaries({"name": _names})
    | st.fixed_dictionaries({"alias": _aliases})
)
_primaries = st.builds(
    lambda target, more: target | more,
    _targets,
    _some(check=_checks, instances=st.just(["i-0123456789abcdef0"])),
)
_sites = st.builds(
    lambda target, more: target | more,
    st.sampled_from(({"folder": "maintenance"}, {"bucket": "my-site"})),
    _some(region=st.just("eu-west-1"), index=_text, error=_text, cache_control=_text),
)
_standbys = st.builds(lambda target, more: target | more, _targets | _sites, _some(check=_checks))
_alarms = _some(
    name=_text,
    region=st.sampled_from(("us-east-1", "eu-west-1")),
    metric=_text,
    statistic=st.sampled_from(("Minimum", "Average")),
    comparison=st.sampled_from(("LessThanThreshold", "GreaterThanThreshold")),
    threshold=st.floats(-1e6, 1e6) | st.integers(-9, 9),
    period=st.sampled_from((10, 60, 120)),
    evaluation_periods=st.integers(2, 5),
    treat_missing_data=st.sampled_from(("breaching", "missing")),
    ok_actions=st.booleans(),
)
_alerts = _some(
    emails=st.lists(st.sampled_from(("a@example.com", "b@example.com")), unique=True),
    webhooks=st.lists(st.sampled_from(("https://example.com/a?b=c", "http://127.0.0.1:9")), unique=True),
    topic=st.sampled_from(("on-call", "arn:aws:sns:us-east-1:123456789012:on-call")),
    alarm=_alarms,
)
_more = _some(
    ttl=st.integers(0, 86_400),
    alert=_alerts,
    budget=_typed_durations,
    failback=st.sampled_from(("auto", "held")) | st.fixed_dictionaries({"after": _typed_durations}),
    drill=_some(break_command=_text, restore_command=_text, method=st.sampled_from(("invert", "proxy"))),
)
_failovers = st.builds(
    lambda needed, more, name: needed | more | name,
    st.fixed_dictionaries({"primary": _primaries, "standby": _standbys}),
    _more,
    st.sampled_from(("example.com", "Z0123456789ABC")).flatmap(
        lambda zone: st.fixed_dictionaries(
            {"name": _labels.map(lambda label: f"{label}.example.com"), "zone": st.just(zone)}
        )
    ),
)

plans: st.SearchStrategy[Typed] = st.builds(
    lambda needed, more: needed | more,
    st.fixed_dictionaries(
        {
            "version": st.just(1),
            "failovers": st.lists(_failovers, min_size=1, max_size=3, unique_by=lambda each: each["name"]),
        }
    ),
    _some(
        where=_some(
            profile=_text,
            region=st.just("eu-west-1"),
            endpoint_url=st.just("http://127.0.0.1:4566"),
            dns=st.lists(st.sampled_from(("127.0.0.1:5300", "[::1]:53")), unique=True),
        ),
        silence=st.lists(
            st.fixed_dictionaries({"rule": st.just("SU012"), "reason": st.just("known and fine")}), max_size=1
        ),
    ),
)
"""Mappings that the classes take."""
