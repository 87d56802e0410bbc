"""Where messages may go."""

from __future__ import annotations

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.topics.endpoints import check_endpoint, is_mail_address, parse_protocol, shown_endpoint
from stillup.rules.topics.topic import DeliveryProtocol


@pytest.mark.parametrize(
    "address",
    [
        "ops@example.com",
        "o.p+s/tag=1!#$%&'*?^_`{|}~-@mail.example.co.uk",
        "root@localhost",
        "müller@example.com",
        "運用@例え.jp",
        "a@xn--bcher-kva.example",
        f"{'a' * 64}@example.com",
    ],
)
def test_a_mail_address_is_taken(address: str) -> None:
    assert is_mail_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "@", "a@", "@b", "a", "a@b@c", "a b@example.com", ".a@b", "a.@b", "a..b@c", '"a b"@c'),
        *(
            "a@b\r\nBcc: x@y",
            "a\r\nRCPT TO:<x>@b",
            "a@b\n",
            "\ra@b",
            "a@b\x00",
            "a\x7f@b",
            "a@b,c@d",
            "a,b@c",
        ),
        *("<a@b>", "A <a@b>", "a@b;c", "a@-b.example", "a@b-.example", "a@b..example", "a@.b", "a@b."),
        *("a@[127.0.0.1]", "a@b_c", "a@exa mple", "a\u2028@b", "a\u200b@b", "a@b\u0085", "a＠b", "\ud800@b"),
        *(f"{'a' * 65}@example.com", f"a@{'b' * 64}.com", f"a@{'.'.join(['b' * 60] * 5)}", "a(b)@c", "a\\@b"),
    ],
)
def test_what_is_no_single_mail_address_is_refused(address: str) -> None:
    """No header injection, no second recipient."""
    assert not is_mail_address(address)
    for protocol in (DeliveryProtocol.EMAIL, DeliveryProtocol.EMAIL_JSON):
        refused = check_endpoint(protocol, address)
        assert refused is not None
        assert refused.message == "Invalid parameter: Email address"


@given(st.text(st.sampled_from('ab.@,;:<>"\\()[] \t\r\n\x00é＠')) | st.text())
def test_what_is_taken_is_one_address_to_the_mail_library_too(text: str) -> None:
    if is_mail_address(text):
        local, _, domain = text.rpartition("@")
        assert not set(text) & set('\r\n,;<>"\\()[] \t\x00')
        assert Address(username=local, domain=domain).addr_spec == text


@pytest.mark.parametrize(
    ("protocol", "url", "accepted"),
    [
        ("http", "http://example.com", True),
        ("https", "https://user:p%40ss@example.com:8443/a?b=c", True),
        ("https", "HTTPS://example.com/", True),
        ("http", "http://127.0.0.1:8080/hook", True),
        ("http", "http://[::1]:8080/hook", True),
        ("http", "https://example.com", False),
        ("https", "http://example.com", False),
        ("http", "ftp://example.com", False),
        ("http", "http://", False),
        ("http", "http:///path", False),
        ("http", "http://user@/x", False),
        ("http", "http://example.com:0/", False),
        ("http", "http://example.com:65536/", False),
        ("http", "http://example.com:x/", False),
        ("http", "http://[::1/", False),
        ("http", "http://example.com/#top", False),
        ("http", "http://example.com/a b", False),
        ("http", "http://example.com/\r\nX: y", False),
        ("http", "http://example.com/\t", False),
        ("http", "http://good.example\\@evil.example/", False),
        ("http", 'http://example.com/"', False),
        ("http", "http://bücher.example/", False),
        ("http", f"http://example.com/{'a' * 2048}", False),
        ("http", "", False),
    ],
)
def test_a_url_must_speak_the_protocol_and_be_whole(protocol: str, url: str, *, accepted: bool) -> None:
    assert (check_endpoint(DeliveryProtocol(protocol), url) is None) is accepted


@pytest.mark.parametrize("protocol", ["sms", "sqs", "lambda", "firehose", "application", "HTTP", "", "x"])
def test_other_protocols_are_refused_with_the_words_of_sns(protocol: str) -> None:
    """SN-2."""
    refused = parse_protocol(protocol)

    assert not isinstance(refused, DeliveryProtocol)
    assert refused.message == (
        f"Invalid parameter: Amazon SNS does not support this protocol string: {protocol}"
    )


@pytest.mark.parametrize(
    ("endpoint", "shown"),
    [
        ("https://ops:secret@example.com/a:b@c", "https://ops:****@example.com/a:b@c"),
        ("https://ops:se@cret@example.com", "https://ops:****@example.com"),
        ("HTTP://:secret@example.com", "HTTP://:****@example.com"),
        ("https://ops@example.com:8443/", "https://ops@example.com:8443/"),
        ("https://example.com:8443/x@y", "https://example.com:8443/x@y"),
        ("ops@example.com", "ops@example.com"),
    ],
)
def test_passwords_are_not_shown(endpoint: str, shown: str) -> None:
    assert shown_endpoint(endpoint) == shown
