"""`/metrics`: every duty's figures in Prometheus's text format, or in OpenMetrics for who asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain

from prometheus_client import ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from stillup.engine.ports import Figure, Figures


class Exposition:
    """All figures of an engine, and what the operating system says of its process."""

    def __init__(self, *duties: Sequence[Figures]) -> None:
        """Whoever joins one of these sequences later is asked too: some duties start after the listeners."""
        self._duties = duties
        self._process = ProcessCollector(registry=None)

    async def render(self, accept: str) -> tuple[bytes, str]:
        """The text as of now, and its content type, for this `Accept` header.

        Written in a thread: with thousands of checks that takes longer than a DNS query may wait.
        """
        metrics = families(figure for duty in chain(*self._duties) for figure in duty.figures())
        encode, content_type = choose_encoder(accept)
        return await asyncio.to_thread(encode, _Collected([*metrics, *self._process.collect()])), content_type


class _Collected(Collector):
    """Metrics as the library's encoders take them."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def families(figures: Iterable[Figure]) -> Sequence[Metric]:
    """The figures by name, in the order in which names first come."""
    found: dict[str, Metric] = {}
    for figure in figures:
        metric = found.get(figure.name)
        if metric is None:
            kind = "counter" if figure.is_counter else "gauge"
            # A family of counters is called without the suffix that its samples have.
            family = figure.name.removesuffix("_total") if figure.is_counter else figure.name
            metric = found[figure.name] = Metric(family, figure.help, kind)
        metric.add_sample(figure.name, dict(figure.labels), figure.value)
    return list(found.values())
