from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.buckets.listing import Entry, Page, list_page

KEYS = ["a", "b/1", "b/2", "b/c/3", "d", "é", "\U0001f600", "\uffee"]


def everything(keys: list[str], prefix: str, delimiter: str, limit: int) -> list[Entry]:
    entries: list[Entry] = []
    after: str | None = ""
    while after is not None:
        page = list_page(keys, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
        assert len(page.entries) <= limit
        entries += page.entries
        after = page.next_after
    return entries


def test_keys_come_in_the_order_of_their_utf_8_octets() -> None:
    assert list(list_page(KEYS).keys) == sorted(KEYS, key=str.encode)


def test_keys_behind_a_delimiter_are_rolled_up() -> None:
    page = list_page(KEYS[:5], delimiter="/")
    assert page.keys == ("a", "d")
    assert page.prefixes == ("b/",)


def test_the_delimiter_counts_behind_the_prefix_only() -> None:
    page = list_page(KEYS, prefix="b/", delimiter="/")
    assert page.keys == ("b/1", "b/2")
    assert page.prefixes == ("b/c/",)


def test_a_page_that_ends_with_a_common_prefix_is_not_followed_by_its_keys() -> None:
    first = list_page(KEYS[:5], delimiter="/", limit=2)
    assert first.next_after == "b/"
    assert list_page(KEYS[:5], delimiter="/", after="b/").keys == ("d",)


def test_the_last_page_says_so_even_when_it_is_full() -> None:
    assert list_page(["a", "b"], limit=2) == Page((Entry("a", False), Entry("b", False)), None)


def test_a_page_of_nothing_is_not_truncated() -> None:
    assert list_page(["a"], limit=0) == Page((), None)


@given(
    st.sets(st.text("ab/é", min_size=1, max_size=6)),
    st.text("ab/", max_size=2),
    st.sampled_from(["", "/", "a", "/a"]),
    st.integers(1, 4),
)
def test_all_pages_together_hold_every_entry_exactly_once(
    keys: set[str], prefix: str, delimiter: str, limit: int
) -> None:
    paged = everything(sorted(keys), prefix, delimiter, limit)
    assert paged == list(list_page(keys, prefix=prefix, delimiter=delimiter, limit=10_000).entries)
    assert len({entry.name for entry in paged}) == len(paged)
    for key in keys:
        listed = Entry(key, is_prefix=False) in paged
        rolled_up = any(entry.is_prefix and key.startswith(entry.name) for entry in paged)
        assert (listed or rolled_up) == key.startswith(prefix)
        assert not (listed and rolled_up)
