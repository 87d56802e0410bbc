"""A Plan as text, as JSON, as Markdown."""

from stillup.plan.render.json import as_json
from stillup.plan.render.markdown import as_markdown
from stillup.plan.render.text import Line, Tone, as_text, lines

__all__ = ["Line", "Tone", "as_json", "as_markdown", "as_text", "lines"]
