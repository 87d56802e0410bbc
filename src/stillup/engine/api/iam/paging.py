"""`MaxItems` and `Marker`, the same in every list of IAM."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from stillup.engine.api.call import Call

DEFAULT_PAGE: Final = 100

_Item = TypeVar("_Item")


def page(
    call: Call,
    member: str,
    items: Iterable[_Item],
    *,
    key: Callable[[_Item], str],
    render: Callable[[_Item], Any],
) -> dict[str, Any]:
    """One page of the items in the order of their keys, as members of the output.

    The marker is the last key of the page before, so a page neither repeats nor skips anything when items come
    and go between two calls.
    """
    size = call.parameters.get("MaxItems", DEFAULT_PAGE)
    marker = call.parameters.get("Marker", "")
    following = sorted((item for item in items if key(item) > marker), key=key)
    shown = following[:size]
    members: dict[str, Any] = {member: [render(item) for item in shown], "IsTruncated": len(following) > size}
    return members | ({"Marker": key(shown[-1])} if members["IsTruncated"] else {})


def page_of_tags(call: Call, tags: Mapping[str, str]) -> dict[str, Any]:
    """One page of tags, in the order of their keys."""
    return page(call, "Tags", tags.items(), key=lambda tag: tag[0], render=render_tag)


def render_tag(tag: tuple[str, str]) -> dict[str, str]:
    """A tag's key and value as members."""
    return {"Key": tag[0], "Value": tag[1]}
