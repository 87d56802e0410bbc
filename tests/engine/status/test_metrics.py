"""`/metrics` as Prometheus reads it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text
from starlette.applications import Starlette

from stillup.engine.api.counters import ApiCounters
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.server import DnsServer
from stillup.engine.ports import Figure, Figures
from stillup.engine.status.application import status_application
from stillup.engine.status.view import StatusPorts
from stillup.engine.store import open_store
from stillup.rules.changes import InstanceWanted
from stillup.rules.ids import InstanceId
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World
from tests.fakes import FakeClock, FakeDie, FakeWorlds

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


class Duty:
    def __init__(self, *figures: Figure) -> None:
        self._figures = figures

    def figures(self) -> Sequence[Figure]:
        return self._figures


async def scraped(*duties: Figures, not_ready: str | None = None, accept: str = "") -> httpx.Response:
    ports = StatusPorts(FakeWorlds(), None, None, None, None, "")  # type: ignore[arg-type]
    return await _metrics_of(status_application(ports, FakeClock(), lambda: not_ready, duties), accept)


async def _metrics_of(application: Starlette, accept: str = "") -> httpx.Response:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
        return await client.get("/metrics", headers={"accept": accept} if accept else {})


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in read_text(text)
        for sample in family.samples
    }


async def test_figures_of_all_duties_are_there_with_type_and_help() -> None:
    calls = [
        Figure("stillup_calls_total", "Calls.", value, {"who": who}, is_counter=True)
        for who, value in [('a\n"b"', 2), ("c", 3)]
    ]
    answer = await scraped(Duty(calls[0]), Duty(calls[1], Figure("stillup_lag_seconds", "Lag.", 0.25, {})))

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(answer.text)
    assert found["stillup_calls_total", (("who", 'a\n"b"'),)] == 2
    assert found["stillup_calls_total", (("who", "c"),)] == 3
    assert found["stillup_lag_seconds", ()] == 0.25
    assert "# TYPE stillup_calls_total counter" in answer.text
    assert "# HELP stillup_lag_seconds Lag." in answer.text
    assert answer.text.count("# TYPE stillup_calls_total") == 1


async def test_a_duty_that_starts_after_the_console_is_told_too() -> None:
    duties: list[Figures] = []
    ports = StatusPorts(FakeWorlds(), None, None, None, None, "")  # type: ignore[arg-type]
    application = status_application(ports, FakeClock(), lambda: None, duties)
    duties.append(Duty(Figure("stillup_outbox_pending", "Deliveries that are not over.", 3, {})))

    assert samples((await _metrics_of(application)).text)["stillup_outbox_pending", ()] == 3


async def test_who_asks_for_openmetrics_gets_it() -> None:
    answer = await scraped(
        Duty(Figure("stillup_calls_total", "Calls.", 2, {}, is_counter=True)), accept=OPENMETRICS
    )

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name: family for family in read_openmetrics(answer.text)}
    assert families["stillup_calls"].type == "counter"
    assert families["stillup_calls"].samples[0].value == 2


@pytest.mark.parametrize(("not_ready", "value"), [(None, 1.0), ("it is starting", 0.0)])
async def test_readiness_is_a_figure_too(not_ready: str | None, value: float) -> None:
    assert samples((await scraped(not_ready=not_ready)).text)["stillup_ready", ()] == value


async def test_the_process_tells_of_its_memory() -> None:
    assert samples((await scraped()).text)["process_resident_memory_bytes", ()] > 1e6


async def test_the_store_counts_what_it_writes(tmp_path: Path) -> None:
    store = open_store(tmp_path, FakeDie())
    try:
        await store.worlds.commit(lambda _: InstanceWanted(InstanceId("i-1"), running=False))
        await store.blobs.write(_chunks(b"abc", b"de"))
        found = {(figure.name, *figure.labels.values()): figure.value for figure in store.figures()}
    finally:
        await store.close()

    assert found["stillup_journal_sequence",] == found["stillup_journal_changes_total",] == 1
    assert found["stillup_journal_commits_total",] == 1
    assert found["stillup_journal_commit_seconds_total",] > 0
    assert found["stillup_journal_failures_total",] == found["stillup_journal_checkpoint_sequence",] == 0
    assert found["stillup_database_bytes", "database"] > 0 < found["stillup_database_bytes", "wal"]
    assert found["stillup_disk_free_bytes",] > 0
    assert (found["stillup_blobs_written_total",], found["stillup_blobs_written_bytes_total",]) == (1, 5)


async def _chunks(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_the_page_on_metrics_has_those_that_there_are(tmp_path: Path) -> None:
    calls = ApiCounters()
    calls.count("sns", "Publish", 200)
    store = open_store(tmp_path, FakeDie())
    book = AnswerBook(World(), None, SiteAddresses())  # type: ignore[arg-type]
    said = {
        (figure.name, "counter" if figure.is_counter else "gauge", tuple(figure.labels))
        for duty in (store, DnsServer(book, FakeDie()), calls)
        for figure in duty.figures()
    }
    await store.close()
    page = (Path(__file__).parents[3] / "docs/reference/metrics.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (counter|gauge) \|([^|]*)\|", page, re.MULTILINE)

    assert said <= {(name, kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
