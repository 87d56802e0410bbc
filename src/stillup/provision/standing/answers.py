"""What the zone's servers answer now; asked directly, so that no cache stands between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import dns.exception

from stillup.plan.address import Address
from stillup.plan.chain.seen import TEST_DNS_ANSWER, Answer
from stillup.plan.setup import Setup
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS
from stillup.provision.lookup import DNS_PORT, Unanswered, address_of, ask
from stillup.provision.standing.unknown import Unknown

PATIENCE: Final = 3.0
"""Seconds for one question."""


class Server(NamedTuple):
    """Who is asked. `name` is what the answer is labelled with."""

    name: str
    address: Address


def read_answers(
    account: Account, setup: Setup, servers: Sequence[str], types: Sequence[str], unknown: Unknown
) -> tuple[Answer, ...]:
    """The answers for the name, of each server and type.

    | servers given | an endpoint URL | who is asked                                            |
    |---------------|-----------------|---------------------------------------------------------|
    | some          | any             | they                                                    |
    | none          | none            | the delegation set; TestDNSAnswer where nobody answers  |
    | none          | one             | TestDNSAnswer: an engine's delegation set is not its own |
    """
    answers: list[Answer] = []
    if servers or not account.endpoint_url:
        typed = [Server(each, Address.parse(each)) for each in servers]
        asked = typed or list(_delegated(setup.zone.name_servers, unknown))
        with ThreadPoolExecutor(8) as pool:
            questions = [(server, each) for each in types for server in asked]
            answers = list(pool.map(lambda each: _ask(each[0], setup.name, each[1]), questions))
    if not servers and all(each.problem is not None for each in answers):
        answers += [_test(account, setup, each, unknown) for each in types]
    return tuple(answers)


def _delegated(names: Sequence[str], unknown: Unknown) -> Iterator[Server]:
    for name in names:
        try:
            found = address_of(name, timeout=PATIENCE)
        except dns.exception.DNSException:
            unknown.note(f"the address of the zone's server {name} could not be found out")
            continue
        yield Server(name, Address(found, DNS_PORT))


def _ask(server: Server, name: str, record_type: str) -> Answer:
    try:
        told = ask(server.address, name, record_type, timeout=PATIENCE)
    except Unanswered as why:
        return Answer(server.name, record_type, problem=str(why))
    return Answer(
        server.name,
        record_type,
        values=told.addresses or told.names[-1:],
        ttl=told.ttl if told.values else None,
        rcode=told.rcode,
        through=told.names,
    )


def _test(account: Account, setup: Setup, record_type: str, unknown: Unknown) -> Answer:
    try:
        answer = account.hasty_route53.test_dns_answer(
            HostedZoneId=setup.zone.id or "",
            RecordName=setup.name,
            RecordType=record_type,  # type: ignore[arg-type]  # one of ANSWERING
        )
    except API_ERRORS as error:
        unknown.add("what the servers answer, asked through the API", error)
        return Answer(TEST_DNS_ANSWER, record_type, problem="not to be had")
    return Answer(
        TEST_DNS_ANSWER,
        record_type,
        values=tuple(answer.get("RecordData", ())),
        rcode=answer.get("ResponseCode"),
    )
