"""Findings as text, JSON, SARIF and GitHub's workflow commands."""

from __future__ import annotations

import json
import re

from stillup.lint.catalogue import RULES
from stillup.lint.examples import SITE, plan
from stillup.lint.render.data import as_data
from stillup.lint.render.github import as_annotations
from stillup.lint.render.located import Located, locate
from stillup.lint.render.sarif import as_sarif
from stillup.lint.render.text import as_explanation, as_list, as_text
from tests.lint.subjects import lint_text, read

TEXT = """\
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    ttl: 300
    primary:
      address: 203.0.113.10
      check:
        path: /health
        failures: 1
    standby:
      folder: maintenance
      bucket: example-backup
    alert:
      emails: [oncall@example.com]
silence:
  - rule: SU109
    reason: 100 % meant, it is only a test
"""


def _found(text: str = TEXT) -> tuple[Located, ...]:
    return locate(lint_text(text, SITE), read(text))


def test_findings_stand_at_the_line_that_they_are_about() -> None:
    assert [(each.report.rule.id, each.line, each.path) for each in _found()] == [
        ("SU001", 5, "failovers[0].ttl"),
        ("SU003", 13, "failovers[0].standby.bucket"),
        ("SU109", 10, "failovers[0].primary.check.failures"),
    ]


def test_what_is_not_typed_is_found_at_what_is_around_it() -> None:
    [found] = _found(plan(alert=None))

    assert (found.report.rule.id, found.line) == ("SU301", 3)


def test_text_tells_place_reason_remedy_and_sum() -> None:
    text = as_text(_found(), failovers=1, rules=len(RULES))

    assert "stillup.yaml:5: warning SU001 TTL too long: resolvers keep an answer for 300 s" in text
    assert "Why: Whoever asked just before the switch" in text
    assert "Do:  Lower `ttl`" in text
    assert "SU109" not in text
    assert text.endswith(f"1 error, 1 warning in 1 failover, by {len(RULES)} rules; 1 silenced.\n")


def test_what_somebody_else_wrote_gives_a_terminal_no_orders() -> None:
    files = {
        **SITE,
        "index.html": SITE["index.html"] + '<img src="https://www.example.com/\x1b]0;owned\x07.png">',
    }
    text = as_text(locate(lint_text(TEXT, files), read(TEXT)), failovers=1, rules=85)

    assert "\\x1b]0;owned" in text
    assert "\x1b" not in text


def test_text_says_so_where_nothing_is_found() -> None:
    assert as_text((), failovers=2, rules=3) == "Nothing found in 2 failovers, by 3 rules.\n"


def test_json_has_silenced_findings_too_and_counts_the_others() -> None:
    data = as_data(_found(), unknown=("the certificate: no connection",))

    assert data["summary"] == {"errors": 1, "warnings": 1, "notes": 0, "silenced": 1}
    assert [each["silenced"] for each in data["findings"]] == [None, None, "100 % meant, it is only a test"]
    assert data["unknown"] == ["the certificate: no connection"]
    assert json.loads(json.dumps(data)) == data


def test_sarif_has_what_the_standard_asks_for() -> None:
    """SARIF 2.1.0 §3.13, §3.14, §3.19, §3.27, §3.35, §3.49."""
    log = as_sarif(_found(), RULES, version="1.2.3")

    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert log["version"] == "2.1.0"
    assert (driver["name"], driver["semanticVersion"]) == ("stillup", "1.2.3")
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"]) == len(RULES)
    for rule in driver["rules"]:
        assert rule["help"]["text"]
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert re.fullmatch(r"\w+", rule["name"])
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        [location] = result["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {"uri": "stillup.yaml"}
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert location["physicalLocation"]["region"]["startColumn"] >= 1
    suppressions = [result.get("suppressions") for result in run["results"]]
    assert suppressions[:2] == [None, None]
    assert suppressions[2] == [
        {"kind": "inSource", "status": "accepted", "justification": "100 % meant, it is only a test"}
    ]


def test_annotations_are_escaped_as_githubs_runner_reads_them() -> None:
    text = TEXT.replace("path: /health", "path: '/a b,100%'").replace("silence:", "silence:\n  #")

    lines = as_annotations(locate(lint_text(text, SITE), read(text))).splitlines()

    told = {match[3].split(" ")[0]: match for match in map(_COMMAND.fullmatch, lines) if match}
    assert len(told) == len(lines) == 3
    assert told["SU001"][1] == "warning"
    assert told["SU001"][2] == "5"
    assert "'a b,100%25' is no path%0A" in told["SU114"][4]


_COMMAND = re.compile(r"::(error|warning|notice) file=stillup\.yaml,line=(\d+),col=\d+,title=([^:,]+)::(.+)")


def test_every_rule_can_be_explained_and_is_listed() -> None:
    listed = as_list(RULES).splitlines()

    assert len(listed) == len(RULES)
    for rule, line in zip(RULES, listed, strict=True):
        assert line.startswith(rule.id)
        told = as_explanation(rule)
        assert all(text in told for text in (rule.id, rule.title, rule.reason, rule.remedy, rule.source))
