"""Standard output for what has colours. A module of its own: rich takes its time, and most verbs print plain lines."""

from __future__ import annotations

from typing import Final

from rich.console import Console

# Without a terminal rich writes no control codes, and then lines must not be cut at 80 columns either.
out: Final = Console(highlight=False, soft_wrap=True)
