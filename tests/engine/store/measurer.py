"""Puts datapoints without end, to be killed: `python -m tests.engine.store.measurer DIR`.

For each put that was acknowledged, standard output has its number.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from stillup.engine.store.metrics import SavedMetrics
from stillup.rules.metrics.metric import Metric, sample_of

METRIC = Metric("shop", "orders", (("Site", "a"),))
MINUTE = 1_755_072_480.0
REGION = "us-east-1"


async def measure(directory: Path) -> None:
    """From where the last run stopped: two samples in each put, which belong to one minute."""
    metrics = SavedMetrics(directory / "metrics.db")
    number = len(await metrics.read(REGION, METRIC, start=0, end=1e12))
    while True:
        sample = sample_of(METRIC, MINUTE + 60 * number, 1.0)
        await metrics.put(REGION, [sample, sample])
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1])))
