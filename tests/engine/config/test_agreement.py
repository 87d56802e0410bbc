"""Who may reach what, and the settings that carry secrets or addresses of others."""

from __future__ import annotations

import pytest

from stillup.engine.config import Problem, ServeConfig, SmtpServer, load

TLS = {"tls-cert": "cert.pem", "tls-key": "key.pem"}
ROOT = {"STILLUP_ROOT_ACCESS_KEY_ID": "AKIAROOT", "STILLUP_ROOT_SECRET_ACCESS_KEY": "correct/horse+battery"}


def loaded(flags: dict[str, object], environ: dict[str, str] | None = None) -> ServeConfig | list[Problem]:
    return load(flags, environ or {}, lambda _: "")


def told(flags: dict[str, object], environ: dict[str, str] | None = None) -> list[str]:
    outcome = loaded(flags, environ)
    assert isinstance(outcome, list), outcome
    return [str(problem) for problem in outcome]


@pytest.mark.parametrize("name", ["api", "console"])
@pytest.mark.parametrize(
    ("host", "more", "starts"),
    [
        ("127.8.8.8", {}, True),
        ("[::1]", {}, True),
        ("203.0.113.9", TLS, True),
        ("203.0.113.9", {"insecure": ["api", "console"]}, True),
        ("203.0.113.9", {}, False),
        ("0.0.0.0", {}, False),
        ("[::]", {}, False),
        ("[2001:db8::1]", {}, False),
    ],
)
def test_a_listener_that_others_can_reach_needs_tls_or_to_be_named(
    name: str, host: str, more: dict[str, object], starts: bool
) -> None:
    outcome = loaded({name: f"{host}:1", **more})

    assert isinstance(outcome, ServeConfig) is starts
    if isinstance(outcome, list):
        (problem,) = outcome
        assert problem.where == name
        assert "--tls-cert" in problem.message
        assert f"--insecure {name}" in problem.message


def test_only_the_listener_that_is_named_is_let_through() -> None:
    (problem,) = told({"api": "0.0.0.0:1", "console": "0.0.0.0:2", "insecure": "console"})
    assert problem.startswith("api: 0.0.0.0:1 can be reached")


def test_only_listeners_that_are_guarded_can_be_named() -> None:
    assert told({"insecure": "dns"}) == ["--insecure: must be api or console, not 'dns'"]


@pytest.mark.parametrize("alone", TLS)
def test_a_certificate_needs_its_key(alone: str) -> None:
    assert told({alone: "x.pem"}) == [f"{alone}: is given alone: --tls-cert and --tls-key go together"]


@pytest.mark.parametrize("alone", ROOT)
def test_the_root_key_has_two_halves(alone: str) -> None:
    (problem,) = told({}, {alone: ROOT[alone]})
    assert "is given alone" in problem
    assert ROOT[alone] not in problem


def test_the_root_key_comes_from_the_environment_alone() -> None:
    chosen = loaded({}, ROOT)
    assert isinstance(chosen, ServeConfig)
    assert (chosen.root_access_key_id, chosen.root_secret_access_key) == tuple(ROOT.values())

    outcome = load({"config": "x"}, {}, lambda _: "root-access-key-id = 'AKIAROOT'")
    assert isinstance(outcome, list)
    assert str(outcome[0]).startswith("x:1: root-access-key-id: belongs in the environment")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relay.example.com", SmtpServer("relay.example.com", 587, is_tls=False)),
        ("smtp://relay.example.com:25/", SmtpServer("relay.example.com", 25, is_tls=False)),
        ("smtps://relay.example.com", SmtpServer("relay.example.com", 465, is_tls=True)),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, is_tls=False)),
        (
            "smtps://on%40call:p%3Ass%2F@relay.example.com:4650",
            SmtpServer("relay.example.com", 4650, is_tls=True, username="on@call", password="p:ss/"),
        ),
    ],
)
def test_a_mail_server_is_a_url(url: str, server: SmtpServer) -> None:
    chosen = loaded({"smtp": url})
    assert isinstance(chosen, ServeConfig)
    assert chosen.smtp == server


def test_no_secret_is_told_in_a_complaint_or_a_representation() -> None:
    chosen = loaded({"smtp": "smtp://ops:hunter2hunter2@relay.example.com"}, ROOT)
    wrong = told(
        {"smtp": "http://ops:hunter2hunter2@relay.example.com", "heartbeat-url": "ftp://hunter2hunter2"},
        {
            "STILLUP_ROOT_ACCESS_KEY_ID": "hunter2/hunter2",
            "STILLUP_ROOT_SECRET_ACCESS_KEY": "hunter2 hunter2",
        },
    )

    assert len(wrong) == 4
    assert "hunter2" not in repr(chosen) + "".join(wrong)
    assert "horse" not in repr(chosen)


@pytest.mark.parametrize(
    "flags",
    [
        {"smtp": "smtp://user@relay.example.com"},
        {"smtp": "smtp://relay.example.com/path"},
        {"smtp": "smtp://relay.example.com:99999"},
        {"smtp": "smtp://"},
        {"mail-from": "Ops <ops@example.com>"},
        {"mail-from": "a@example.com\r\nBcc: b@example.com"},
        {"heartbeat-url": "ftp://example.com"},
        {"heartbeat-interval": "0"},
        {"api-url": "stillup.example.com"},
        {"console-url": "https://stillup.example.com/?a=b"},
        {"console-url": "https://user@stillup.example.com/"},
        {"probe-deny": "everything"},
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(flags: dict[str, object]) -> None:
    (problem,) = told(flags)
    assert problem.startswith(f"--{next(iter(flags))}: must be ")


def test_public_urls_have_no_final_slash() -> None:
    chosen = loaded({"api-url": "https://dns.example.com/aws/", "console-url": "http://[::1]:8053"})
    assert isinstance(chosen, ServeConfig)
    assert (chosen.api_url, chosen.console_url) == ("https://dns.example.com/aws", "http://[::1]:8053")
