"""What the checkers say, in Route 53's words where they are known (HC-54)."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Final, assert_never

from stillup.engine.health.probe import Answered, Connected, Failed, Outcome, Unable
from stillup.rules.health.check import Status
from stillup.rules.ids import Instant
from stillup.wire.http1.response import SEARCHED

FIREWALL_GUIDE: Final = (
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html"
)
TIMED_OUT: Final = Failed(
    "Connection timed out. The endpoint or the internet connection is down, or requests are being blocked"
    f" by your firewall. See {FIREWALL_GUIDE}"
)
NO_HANDSHAKE: Final = Failed(
    "The health checker could not establish a connection within the timeout limit: the TLS handshake did"
    " not end in time."
)
NO_STATUS: Final = Failed("The endpoint did not send a whole response header within the timeout limit.")
NO_BODY: Final = Failed("The endpoint did not send the response body within the timeout limit.")
CLOSED: Final = Failed("The connection was closed by the endpoint.")
REFUSED: Final = Failed("The connection was refused by the endpoint.")
UNRESOLVED: Final = Failed("DNS resolution failed")
DENIED: Final = Failed("The health checker does not probe this IP address: it is restricted or private.")
CUT_OFF: Final = Unable("This health checker has no route to any endpoint.")
_MAX_REASON: Final = 128


def status_of(outcome: Outcome) -> Status | None:
    """Success or failure of a probe with this outcome; None where it says nothing."""
    match outcome:
        case Answered(is_expected=expected, lacks_search=lacking):
            return Status.HEALTHY if expected and not lacking else Status.UNHEALTHY
        case Connected():
            return Status.HEALTHY
        case Failed():
            return Status.UNHEALTHY
        case Unable():
            return None
    assert_never(outcome)


def text_of(outcome: Outcome, resolved_ip: str | None) -> str:
    """The report. A resolved address comes before a failure to connect and after an answer (HC-54)."""
    before = f"Resolved IP: {resolved_ip}. " if resolved_ip else ""
    after = f". Resolved IP: {resolved_ip}" if resolved_ip else ""
    match outcome:
        case Answered(code, reason, expected, lacking):
            line = f"HTTP Status Code {code}" + (f", {reason[:_MAX_REASON]}" if reason else "")
            if lacking:
                unfound = f"The search string is not in the first {SEARCHED} bytes of the response body"
                return f"Failure: {line}{after}. {unfound}"
            return f"{'Success' if expected else 'Failure'}: {line}{after}"
        case Connected():
            return f"Success: The connection was established{after}"
        case Failed(why):
            return f"Failure: {before}{why}"
        case Unable(why):
            return f"Unknown: {before}{why}"
    assert_never(outcome)


def never_failed(since: Instant) -> str:
    """The last failure reason where there has been none."""
    restarted = datetime.fromtimestamp(since, UTC).isoformat(timespec="milliseconds")
    return (
        "The health check endpoint has not failed since the Route 53 health checker for this endpoint"
        f" restarted at {restarted}"
    )


def tls_failure(error: ssl.SSLError) -> Failed:
    """What went wrong in TLS; an alert is named as Route 53 names it (HC-17)."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Failed(f"The certificate was not accepted: {error.verify_message}")
    reason = (error.reason or "protocol error").lower()
    version, alert, name = reason.partition("_alert_")
    if alert and version.startswith(("sslv", "tlsv")):
        return Failed(f"SSL alert {name}")
    return Failed(f"The TLS handshake or a TLS record was not understood: {reason.replace('_', ' ')}")
