"""A plan file's text: what reads, and what is said of what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.plan.file.nodes import MAX_DEPTH
from stillup.plan.file.read import Document, PlanError, read_plan

SOUND = """\
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 203.0.113.10
      check: {path: /health}
    standby:
      folder: maintenance
    alert:
      emails: [oncall@example.com]
"""


def read(text: str) -> Document:
    document = read_plan(text, source="stillup.yaml")
    assert isinstance(document, Document), [str(each) for each in document]
    return document


def errors(text: str) -> list[str]:
    document = read_plan(text, source="stillup.yaml")
    assert not isinstance(document, Document)
    return [str(each) for each in document]


def test_eleven_lines_are_a_useful_plan() -> None:
    (failover,) = read(SOUND).plan.failovers
    assert failover.name == "www.example.com"
    assert failover.primary.check is not None
    assert failover.primary.check.path == "/health"
    assert failover.record_ttl == 30


def test_every_path_has_its_place() -> None:
    document = read(SOUND)
    check = document.place("failovers[0].primary.check.path")
    assert (check.line, check.column) == (7, 15)
    untyped = document.place("failovers[0].primary.check.port")
    assert (untyped.line, untyped.column) == (7, 7)
    assert document.place("silence[3].rule").line == 1
    assert document.failover_path("www.example.com") == "failovers[0]"


def test_an_anchor_stands_for_what_it_names_and_a_merge_key_for_its_keys() -> None:
    plan = read(
        SOUND.replace("check: {path: /health}", "check: &check {path: /health, failures: 5}")
        + "  - name: api.example.com\n"
        + "    zone: example.com\n"
        + "    primary: {address: 203.0.113.11, check: {<<: *check, failures: 2}}\n"
        + "    standby: {folder: maintenance}\n"
    ).plan
    check = plan.failovers[1].primary.check
    assert check is not None
    assert (check.path, check.failures) == ("/health", 2)


def test_numbers_words_and_times_are_those_of_yaml_1_2() -> None:
    text = SOUND.replace("path: /health", "path: /health, string: no, interval: 10s, inverted: true")
    check = read(text).plan.failovers[0].primary.check
    assert check is not None
    assert (check.string, check.interval, check.inverted) == ("no", 10.0, True)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1", "version: 2", "1:1: version: must be 1, the format that this program reads, not `2`"),
        (
            "version: 1",
            "version: true",
            "1:1: version: must be 1, the format that this program reads, not `true`",
        ),
        ("version: 1", "", "2:1: version: missing"),
        ("alert:", "allert:", "10:5: failovers[0].allert: unknown key; did you mean `alert`?"),
        (
            "{path: /health}",
            "{path: 5}",
            "7:15: failovers[0].primary.check.path: must be text: put it in quotes",
        ),
        (
            "{path: /health}",
            "{port: '80'}",
            "7:15: failovers[0].primary.check.port: must be a whole number: write 80 without quotes",
        ),
        (
            "{path: /health}",
            "{disabled: yes}",
            "7:15: failovers[0].primary.check.disabled: must be true or false, not text",
        ),
        (
            "{path: /health}",
            "{verify_tls: true}",
            "7:15: failovers[0].primary.check.verify_tls: unknown key; did you mean `verify-tls`?",
        ),
        (
            "{path: /health}",
            "{type: htttp}",
            "7:15: failovers[0].primary.check.type: must be one of http, https, tcp, not `htttp`; did you mean `http`?",
        ),
        (
            "address: 203.0.113.10",
            "address: 203.0.113.300",
            (
                "6:7: failovers[0].primary.address: `203.0.113.300` is no IP address,"
                " such as 203.0.113.10 or 2001:db8::10"
            ),
        ),
        (
            "{path: /health}",
            "",
            "7:7: failovers[0].primary.check: has no value: give it one, or remove the key",
        ),
        (
            "name: www.example.com",
            "name: http://www.example.com/",
            (
                "3:5: failovers[0].name: `http://www.example.com/` is no domain name:"
                " leave out the protocol and the path"
            ),
        ),
        (
            "name: www.example.com",
            "name: bücher.example",
            (
                "3:5: failovers[0].name: `bücher.example` is no domain name:"
                " write it in Punycode, as xn--bcher-kva.example"
            ),
        ),
        (
            "[oncall@example.com]",
            "oncall@example.com",
            "must be a list (lines of `- item`, or `[item, item]`), not text",
        ),
        (
            "folder: maintenance",
            "path: /",
            "9:7: failovers[0].standby.path: unknown key here; it belongs to `check`",
        ),
        (
            "zone: example.com",
            "zone: example.com\n    zone: b.com",
            "5:5: failovers[0].zone: written twice: first in line 4",
        ),
        (
            "zone: example.com",
            "zone: !!binary example.com",
            "4:5: failovers[0].zone: the tag !!binary has no meaning here",
        ),
    ],
)
def test_an_error_says_where_and_what_in_plain_english(old: str, new: str, expected: str) -> None:
    assert any(expected in each for each in errors(SOUND.replace(old, new)))


def test_all_errors_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        SOUND.replace("version: 1", "version: 9")
        .replace("zone: example.com", "zone: 5")
        .replace("/health", "5")
    )
    assert [each.split(":")[0] for each in errors(text + "silense: []\n")] == ["1", "4", "7", "12"]


def test_a_misspelt_key_is_one_error_and_what_depends_on_it_none() -> None:
    assert errors(SOUND.replace("address:", "addr:").replace("zone:", "zome:")) == [
        "4:5: failovers[0].zome: unknown key; did you mean `zone`?",
        "6:7: failovers[0].primary.addr: unknown key; did you mean `address`?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        ("- a", "1:1: must be a mapping"),
        ("a: [", "1:5: no YAML"),
        ("a:\n\t- b", "2:1: no YAML: a tab stands where spaces must"),
        (
            "a: {path: /health?deep=1}",
            "1:18: no YAML: within braces and brackets, text with a question mark stands in quotes",
        ),
        ("a: b: c", "1:5: no YAML"),
        ("a: \x07", "1:4: no YAML: the character 7 is not allowed"),
        ("a: 1\n---\nb: 2", "2:1: no YAML"),
        ("a: &a [*a]", "1:4: an alias leads back to what it is part of"),
        ("[" * 5_000, f"nested deeper than {MAX_DEPTH} levels"),
        ("? [a]\n: b", "1:3: a key must be a word"),
        (
            "a: !!python/object/apply:os.system [true]",
            "the tag !!python/object/apply:os.system has no meaning here",
        ),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, expected: str) -> None:
    assert any(expected in each for each in errors(text))


def test_a_few_lines_that_stand_for_billions_are_refused() -> None:
    lines = ["k0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"k{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 10)]
    assert "stands for more than" in errors("\n".join(lines))[0]


@given(st.text(alphabet=st.sampled_from(list("abk:-[]{}&*!<?|>'\"#, \n\t0.")), max_size=60))
def test_no_text_whatever_raises(text: str) -> None:
    answer = read_plan(text, source="x")
    assert answer
    assert all(isinstance(each, PlanError) for each in answer if not isinstance(answer, Document))
