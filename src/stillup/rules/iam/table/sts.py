"""STS: who has credentials may ask whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.rules.iam.table.row import Row

STS: Final[Mapping[str, Row]] = {
    # No policy can deny it (STS API reference).
    "GetCallerIdentity": Row(),
}
