"""The standby as visitors see it, and the name servers' answers."""

from __future__ import annotations

import socket
import threading

import dns.message
import pytest

from stillup.plan.file.plan_file import PlanFile, Where
from stillup.provision.live.names import read_answers, read_delegation
from stillup.provision.live.question import NotAsked
from stillup.provision.live.standby import read_standby
from tests.provision.live.questions import at, question
from tests.provision.live.servers import serving


def _visiting(port: int) -> object:
    plan = {
        "version": 1,
        "failovers": [
            {
                "name": "www.example.com",
                "zone": "example.com",
                "primary": {"address": "127.0.0.1"},
                "standby": {"address": "127.0.0.1"},
                "drill": {"visit": f"http://www.example.com:{port}/"},
            }
        ],
    }
    return PlanFile.model_validate(plan).failovers[0]


def test_a_standby_is_visited_where_the_rehearsal_visits() -> None:
    with serving(503, {"Retry-After": "60"}, b"<p>soon</p>") as port:
        page = read_standby(question(at(80, standby="127.0.0.1"), typed=_visiting(port)))

    assert (page.status, page.retry_after, page.body) == (503, "60", b"<p>soon</p>")


def test_an_engines_website_is_not_guessed() -> None:
    with pytest.raises(NotAsked, match="not told"):
        read_standby(question())


def test_the_delegation_of_an_engine_is_not_asked_for() -> None:
    with pytest.raises(NotAsked):
        read_delegation(question())


def test_the_servers_of_the_plan_are_asked() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            octets, asker = server.recvfrom(4096)
            reply = dns.message.make_response(dns.message.from_wire(octets))
            reply.answer.append(dns.rrset.from_text("www.example.com.", 60, "IN", "A", "192.0.2.7"))
            server.sendto(reply.to_wire(), asker)

        thread = threading.Thread(target=answer)
        thread.start()
        place = f"127.0.0.1:{server.getsockname()[1]}"
        answers = read_answers(question(where=Where(dns=(place,))))
        thread.join()

    assert answers == {place: ("192.0.2.7",)}


def test_without_servers_nobody_is_asked() -> None:
    with pytest.raises(NotAsked):
        read_answers(question(where=Where()))
