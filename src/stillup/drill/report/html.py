"""The report as one page that needs nothing else: no scripts, no fonts, no pictures from elsewhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from stillup.drill.report import wording
from stillup.drill.report.picture import draw
from stillup.drill.timeline import Drill


def render(drill: Drill) -> str:
    """A whole HTML document. Whatever the drill saw is escaped."""
    templates = Environment(
        loader=PackageLoader("stillup.drill.report", "."),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = templates.get_template("page.html")
    return page.render(drill=drill, picture=draw(drill), say=wording, verdict=wording.verdict(drill))
