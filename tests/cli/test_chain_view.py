"""How chains look."""

from __future__ import annotations

from dataclasses import replace

from stillup.cli.chain_view import story
from stillup.plan.chain.chain import tell
from stillup.plan.chain.seen import Page
from tests.plan.chain.scene import PRIMARY, well


def test_what_a_page_says_gives_the_terminal_no_orders() -> None:
    page = Page("http://www.example.com/", PRIMARY, 200, "\x1b]0;owned\x07", "\x9b31m")
    shown = story(tell(replace(well(), pages=(page,))), 80).plain
    assert "\\x1b]0;owned\\x07" in shown
    assert all(each.isprintable() or each == "\n" for each in shown)
