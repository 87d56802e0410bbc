"""Which rule speaks where one mistake shows in several: the more specific one, alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MORE_SPECIFIC: Final[Mapping[str, tuple[str, ...]]] = {
    "SU003": ("SU014", "SU211", "SU212", "SU213"),
    "SU004": ("SU013", "SU213"),
    "SU005": ("SU003", "SU004"),
    "SU007": ("SU013", "SU015"),
    "SU010": ("SU009",),
    "SU011": ("SU009", "SU010"),
    "SU012": ("SU011", "SU053"),
    "SU013": ("SU211",),
    "SU015": ("SU213",),
    "SU019": ("SU052",),
    "SU020": ("SU016",),
    "SU102": ("SU009",),
    "SU103": ("SU016", "SU115"),
    "SU105": ("SU104",),
    "SU115": ("SU102", "SU211"),
    "SU116": ("SU106", "SU203"),
    "SU113": ("SU117",),
    "SU118": ("SU106",),
    "SU124": ("SU113",),
    "SU157": ("SU101", "SU104", "SU119"),
    "SU162": ("SU101",),
    "SU203": ("SU106",),
    "SU205": ("SU201", "SU202"),
    "SU211": ("SU009",),
    "SU212": ("SU014",),
    "SU302": ("SU317", "SU350"),
    "SU307": ("SU318",),
    "SU308": ("SU304",),
    "SU309": ("SU310",),
    "SU312": ("SU313", "SU315", "SU320"),
    "SU316": ("SU303",),
    "SU317": ("SU008", "SU101", "SU119"),
    "SU318": ("SU357",),
    "SU319": ("SU104",),
    "SU320": ("SU313",),
    "SU354": ("SU119", "SU319"),
    "SU401": ("SU001", "SU110", "SU113"),
    "SU404": ("SU406",),
    "SU405": ("SU203",),
    "SU407": ("SU404", "SU406"),
}
"""A rule is silent where one of those beside it has found something that is not silenced in the plan."""
