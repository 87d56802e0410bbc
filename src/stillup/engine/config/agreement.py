"""What two settings must agree in: keys that go together, and listeners that strangers can reach."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final

from stillup.engine.config.serve import Problem

_PAIRS: Final = (
    ("tls-cert", "tls-key", "--tls-cert and --tls-key go together"),
    (
        "root-access-key-id",
        "root-secret-access-key",
        "STILLUP_ROOT_ACCESS_KEY_ID and STILLUP_ROOT_SECRET_ACCESS_KEY go together",
    ),
)
_REACHABLE: Final[Mapping[str, str]] = {
    "api": "what callers sign and store can be read on the way",
    "console": "it asks nobody who he is",
}
"""Listeners that are for some people only, with what strangers could do without TLS."""


def disagreements(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong between these settings, which are right each by itself.

    | listener      | TLS | named by --insecure | starts |
    |---------------|-----|---------------------|--------|
    | on loopback   | any | any                 | yes    |
    | elsewhere     | yes | any                 | yes    |
    | elsewhere     | no  | yes                 | yes    |
    | elsewhere     | no  | no                  | no     |

    Who calls the API from elsewhere needs keys in every case (engine/api/authentication.py).
    """
    problems = [
        Problem(one if _field(one) in values else other, f"is given alone: {text}")
        for one, other, text in _PAIRS
        if (_field(one) in values) != (_field(other) in values)
    ]
    has_tls = "tls_cert" in values and "tls_key" in values
    for name, danger in _REACHABLE.items():
        listener = values.get(name)
        if listener is None or has_tls or name in values.get("insecure", ()):
            continue
        if not ip_address(listener.host).is_loopback:
            problems.append(
                Problem(
                    name,
                    f"{listener} can be reached from other machines without TLS, and {danger}: give --tls-cert and "
                    f"--tls-key, or listen on 127.0.0.1, or say --insecure {name} if its network is trusted",
                )
            )
    return problems


def _field(key: str) -> str:
    return key.replace("-", "_")
