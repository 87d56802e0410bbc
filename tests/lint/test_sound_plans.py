"""Sound plans of many kinds: not a word, notes included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.subjects import lint_text, loud

SOUND = sorted((Path(__file__).parent / "sound").glob("*.yaml"))
FOLDER = {
    "index.html": """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="60">
<title>Back soon</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
<img src="images/logo.svg" alt="">
<p>We are back soon. <a href="/">Try again</a>, or look at
<a href="https://status.example.net/">the state of things</a> or <a href="mailto:help@example.com">write</a>.</p>
""",
    "error.html": "<!doctype html><title>Back soon</title><a href='index.html#top'>Home</a>",
    "style.css": "body { background: url('/images/logo.svg') }",
    "images/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "robots.txt": "User-agent: *\nDisallow: /\n",
}


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_a_sound_plan_gives_silence(path: Path) -> None:
    assert loud(lint_text(path.read_text(), FOLDER)) == []


def test_there_are_forty_sound_plans_at_least() -> None:
    assert len(SOUND) >= 40


@pytest.mark.parametrize(
    "more",
    [
        '<link rel="canonical" href="https://www.example.com/">',
        '<meta property="og:image" content="https://www.example.com/card.png">',
        "<style>/* url(https://www.example.com/old.png) */</style>",
        "<!-- <img src='https://www.example.com/old.png'> -->",
        "<p>url(paper.png) is how a style sheet asks for a picture.</p>",
        '<svg><use href="#up"/></svg>',
        '<form method="post" action="mailto:help@example.net"><input name="text"></form>',
        '<form method="post" action="https://forms.example.net/1"><input name="text"></form>',
    ],
)
def test_what_loads_nothing_from_the_primary_gives_silence(more: str) -> None:
    text = (Path(__file__).parent / "sound" / "guide.yaml").read_text()

    assert loud(lint_text(text, {**FOLDER, "index.html": FOLDER["index.html"] + more})) == []


def test_a_sitemap_gives_silence() -> None:
    text = (Path(__file__).parent / "sound" / "guide.yaml").read_text()

    assert loud(lint_text(text, {**FOLDER, "sitemap.xml": "<urlset/>"})) == []
