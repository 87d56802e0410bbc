"""What the zone's servers answer now; asked directly, so that no cache stands between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
from botocore.exceptions import BotoCoreError, ClientError

from stillup.plan.chain.seen import TEST_DNS_ANSWER, Answer
from stillup.plan.setup import Setup
from stillup.provision.account import HASTY, Account
from stillup.provision.standing.unknown import Unknown

PATIENCE: Final = 3.0
"""Seconds for one question."""
DNS_PORT: Final = 53


class Server(NamedTuple):
    """Who is asked. `name` is what the answer is labelled with."""

    name: str
    host: str
    port: int


def parse_server(text: str) -> Server:
    """`ADDR:PORT`, `[ADDR]:PORT` or `ADDR`. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):
        return Server(text, text.strip("[]"), DNS_PORT)
    return Server(text, host.strip("[]"), int(port))


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
        asked = [parse_server(each) for each in servers] or list(_delegated(setup.zone.name_servers, unknown))
        with ThreadPoolExecutor(8) as pool:
            questions = [(server, each) for each in types for server in asked]
            answers = list(pool.map(lambda each: _ask(each[0], setup.name, each[1]), questions))
    if not servers and all(each.problem is not None for each in answers):
        answers += [_test(account, setup, each, unknown) for each in types]
    return tuple(answers)


def _delegated(names: Sequence[str], unknown: Unknown) -> Iterator[Server]:
    for name in names:
        try:
            found = dns.resolver.resolve(name, "A", lifetime=PATIENCE)
        except dns.exception.DNSException:
            unknown.note(f"the address of the zone's server {name} could not be found out")
            continue
        yield Server(name, found[0].to_text(), DNS_PORT)


def _ask(server: Server, name: str, record_type: str) -> Answer:
    try:
        query = dns.message.make_query(name, record_type)
        query.flags &= ~dns.flags.RD
        reply, _ = dns.query.udp_with_fallback(query, server.host, timeout=PATIENCE, port=server.port)
    except dns.exception.Timeout:
        return Answer(server.name, record_type, problem=f"no answer within {PATIENCE:g} s")
    except (dns.exception.DNSException, OSError, EOFError, ValueError) as error:
        return Answer(server.name, record_type, problem=f"no answer: {str(error) or type(error).__name__}")
    values: list[str] = []
    through: list[str] = []
    ttls = []
    for rrset in reply.answer:
        if rrset.rdtype == dns.rdatatype.from_text(record_type):
            values += [each.to_text() for each in rrset]
        elif rrset.rdtype == dns.rdatatype.CNAME:
            through += [each.to_text().removesuffix(".").lower() for each in rrset]
        ttls.append(rrset.ttl)
    return Answer(
        server.name,
        record_type,
        values=tuple(values) or tuple(through[-1:]),
        ttl=min(ttls, default=None),
        rcode=dns.rcode.to_text(reply.rcode()),
        through=tuple(through),
    )


def _test(account: Account, setup: Setup, record_type: str, unknown: Unknown) -> Answer:
    try:
        route53 = account.session.client("route53", endpoint_url=account.endpoint_url, config=HASTY)
        answer = route53.test_dns_answer(
            HostedZoneId=setup.zone.id or "",
            RecordName=setup.name,
            RecordType=record_type,  # type: ignore[arg-type]  # one of ANSWERING
        )
    except (ClientError, BotoCoreError) as error:
        unknown.add("what the servers answer, asked through the API", error)
        return Answer(TEST_DNS_ANSWER, record_type, problem="not to be had")
    return Answer(
        TEST_DNS_ANSWER,
        record_type,
        values=tuple(answer.get("RecordData", ())),
        rcode=answer.get("ResponseCode"),
    )
