"""How a drill meets an engine."""

from __future__ import annotations

import pytest

from stillup.drill.engine_process import Address, Listeners


def test_the_ready_line_tells_where_the_engine_answers() -> None:
    line = "ready dns=127.0.0.1:5300,[::1]:5300 api=127.0.0.1:4566 site=[::1]:8080 console=127.0.0.1:8053\n"

    listeners = Listeners.parse(line)

    assert listeners.dns == Address("127.0.0.1", 5300)
    assert listeners.site == Address("::1", 8080)
    assert str(listeners.site) == "[::1]:8080"
    assert listeners.endpoint_url == "http://127.0.0.1:4566"


@pytest.mark.parametrize("line", ["", "error: the port is taken", "steady dns=1.2.3.4:5"])
def test_anything_else_is_not_a_ready_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"ready line|unpack"):
        Listeners.parse(line)
