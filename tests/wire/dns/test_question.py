"""What a packet is taken for; dnspython is the oracle."""

from __future__ import annotations

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stillup.rules.resolution import Rcode
from stillup.wire.dns.answer import assemble_refusal
from stillup.wire.dns.edns import Edns
from stillup.wire.dns.question import SILENCE, Problem, Question, parse_question

QUESTION = b"\3WwW\7example\3com\0\0\1\0\1"
ID = b"\xab\xcd"


def packet(
    *parts: bytes, flags: bytes = b"\1\0", counts: tuple[int, int, int, int] = (1, 0, 0, 0), id_: bytes = ID
) -> bytes:
    return id_ + flags + b"".join(count.to_bytes(2, "big") for count in counts) + b"".join(parts)


def opt(
    *, owner: bytes = b"\0", payload: int = 1232, version: int = 0, flags: int = 0, options: bytes = b""
) -> bytes:
    return (
        owner
        + b"\0\x29"
        + payload.to_bytes(2, "big")
        + bytes((0, version))
        + flags.to_bytes(2, "big")
        + len(options).to_bytes(2, "big")
        + options
    )


WITH_OPT = (1, 0, 0, 1)

PROBLEMS = {
    "an opcode that nobody knows": (packet(QUESTION, flags=b"\x79\0"), Rcode.NOTIMP),
    "an update": (packet(QUESTION, flags=b"\x28\0"), Rcode.NOTIMP),
    "a notification that breaks off": (packet(QUESTION[:-1], flags=b"\x20\0"), Rcode.NOTIMP),
    "no question": (packet(counts=(0, 0, 0, 0)), Rcode.FORMERR),
    "two questions": (packet(QUESTION, QUESTION, counts=(2, 0, 0, 0)), Rcode.FORMERR),
    "a pointer in the question": (packet(b"\3www\xc0\x0c\0\1\0\1"), Rcode.FORMERR),
    "a reserved label type": (packet(b"\x41w\0\0\1\0\1"), Rcode.FORMERR),
    "a name that breaks off": (packet(b"\3www\7exam"), Rcode.FORMERR),
    "a question without its class": (packet(QUESTION[:-2]), Rcode.FORMERR),
    "a name of 256 octets": (packet((b"\x3e" + b"x" * 62) * 4 + b"\2xx\0\0\1\0\1"), Rcode.FORMERR),
    "an octet after the last record": (packet(QUESTION, b"\0"), Rcode.FORMERR),
    "an octet after the OPT record": (packet(QUESTION, opt(), b"\0", counts=WITH_OPT), Rcode.FORMERR),
    "a record that is not there": (packet(QUESTION, counts=WITH_OPT), Rcode.FORMERR),
    "an OPT record that breaks off": (packet(QUESTION, opt()[:-1], counts=WITH_OPT), Rcode.FORMERR),
    "a record longer than the packet": (
        packet(QUESTION, b"\0\0\1\0\1\0\0\0\0\0\5abcd", counts=WITH_OPT),
        Rcode.FORMERR,
    ),
    "a record whose name breaks off": (packet(QUESTION, b"\3ww", counts=WITH_OPT), Rcode.FORMERR),
    "a record with a reserved label type": (
        packet(QUESTION, b"\x80" + opt(), counts=WITH_OPT),
        Rcode.FORMERR,
    ),
    "two OPT records": (packet(QUESTION, opt(), opt(), counts=(1, 0, 0, 2)), Rcode.FORMERR),
    "an OPT record of another owner": (packet(QUESTION, opt(owner=b"\1x\0"), counts=WITH_OPT), Rcode.FORMERR),
    "an OPT record among the answers": (packet(QUESTION, opt(), counts=(1, 1, 0, 0)), Rcode.FORMERR),
    "an option longer than the OPT record": (
        packet(QUESTION, opt(options=b"\0\x0a\0\x09x"), counts=WITH_OPT),
        Rcode.FORMERR,
    ),
    "EDNS version 1": (packet(QUESTION, opt(version=1), counts=WITH_OPT), Rcode.BADVERS),
    "EDNS version 255": (packet(QUESTION, opt(version=255), counts=WITH_OPT), Rcode.BADVERS),
    "class CH": (packet(QUESTION[:-1] + b"\3"), Rcode.REFUSED),
    "class ANY": (packet(QUESTION[:-1] + b"\xff"), Rcode.REFUSED),
    "AXFR": (packet(QUESTION[:-4] + b"\0\xfc\0\1"), Rcode.REFUSED),
    "IXFR": (
        packet(
            QUESTION[:-4] + b"\0\xfb\0\1", b"\xc0\x0c\0\6\0\1\0\0\0\0\0\x16" + bytes(22), counts=(1, 0, 1, 0)
        ),
        Rcode.REFUSED,
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_query_that_the_book_cannot_be_asked_says_what_to_answer(case: str) -> None:
    octets, rcode = PROBLEMS[case]
    problem = parse_question(octets)
    assert isinstance(problem, Problem)
    assert problem.rcode is rcode
    response = assemble_refusal(problem)
    assert response is not None
    assert dns.message.from_wire(response).rcode() == rcode
    assert dns.message.from_wire(response).id == 0xABCD


@pytest.mark.parametrize(
    "octets", [b"", b"\0" * 11, packet(QUESTION, flags=b"\x81\0"), packet(QUESTION, flags=b"\xa8\0")]
)
def test_responses_and_stubs_deserve_silence(octets: bytes) -> None:
    problem = parse_question(octets)
    assert problem is SILENCE
    assert assemble_refusal(SILENCE) is None


@pytest.mark.parametrize("opcode", range(1, 16))
def test_a_refused_opcode_is_echoed_without_the_question(opcode: int) -> None:
    """What stands where a query has its question, only the opcode can tell."""
    flags = bytes((opcode << 3 | 1, 0))
    header = ID + bytes((0x81 | opcode << 3, 4)) + bytes(7)
    for octets, expected in (
        (packet(QUESTION, flags=flags), header + b"\0"),
        (packet(QUESTION, opt(), flags=flags, counts=WITH_OPT), header + b"\1" + opt()),
        (packet(opt(), flags=flags, counts=(0, 0, 0, 1)), header + b"\1" + opt()),
    ):
        problem = parse_question(octets)
        assert isinstance(problem, Problem)
        assert assemble_refusal(problem) == expected


def test_a_packet_without_a_question_is_refused_with_edns_if_it_has_it() -> None:
    problem = parse_question(packet(opt(), counts=(0, 0, 0, 1)))
    assert problem == Problem(Rcode.FORMERR, ID, True, edns=Edns(1232, False))


def test_a_refusal_echoes_question_rd_and_edns() -> None:
    problem = parse_question(packet(QUESTION, opt(version=7, flags=0xFFFF), counts=WITH_OPT))
    assert isinstance(problem, Problem)
    response = assemble_refusal(problem)
    assert response is not None
    message = dns.message.from_wire(response)
    assert message.flags == dns.flags.QR | dns.flags.RD
    assert response[12 : 12 + len(QUESTION)] == QUESTION
    assert (message.edns, message.ednsflags & 0xFFFFFF) == (0, 0x8000)


def test_edns_is_read_past_unknown_options_and_flags() -> None:
    octets = packet(
        QUESTION, opt(flags=0x40FF, payload=4096, options=b"\0\x64\0\2hi\0\3\0\0"), counts=WITH_OPT
    )
    question = parse_question(octets)
    assert isinstance(question, Question)
    assert question.edns == Edns(4096, False)


@pytest.mark.parametrize("announced", [0, 1, 511, 512])
def test_a_payload_below_512_counts_as_512(announced: int) -> None:
    question = parse_question(packet(QUESTION, opt(payload=announced), counts=WITH_OPT))
    assert isinstance(question, Question)
    assert question.edns is not None
    assert question.edns.payload == 512


def test_other_additional_records_are_passed_over() -> None:
    record = b"\xc0\x0c\0\xfa\0\xff\0\0\0\0\0\4abcd"
    question = parse_question(packet(QUESTION, opt(), record, counts=(1, 0, 0, 2)))
    assert isinstance(question, Question)
    assert question.edns == Edns(1232, False)


def test_the_question_keeps_its_case_and_the_name_is_lower() -> None:
    question = parse_question(packet(QUESTION))
    assert question == Question(ID, True, QUESTION, b"\3www\7example\3com\0", 1, None)


def test_a_name_of_255_octets_is_a_name() -> None:
    name = (b"\x3e" + b"x" * 62) * 4 + b"\1x\0"
    assert len(name) == 255
    question = parse_question(packet(name, b"\0\1\0\1"))
    assert isinstance(question, Question)
    assert question.name == name


labels = st.lists(st.binary(min_size=1, max_size=63), max_size=6).filter(
    lambda parts: sum(map(len, parts)) + len(parts) < 255
)


@pytest.mark.slow
@given(
    labels,
    st.integers(0, 65535).filter(lambda code: code not in (251, 252)),
    st.booleans(),
    st.none()
    | st.tuples(
        st.integers(0, 65535),
        st.booleans(),
        st.lists(st.tuples(st.integers(100, 200), st.binary(max_size=20))),
    ),
)
@example([], 1, False, None)
def test_the_parser_agrees_with_dnspython_on_every_valid_query(
    parts: list[bytes], code: int, desired: bool, edns: tuple[int, bool, list[tuple[int, bytes]]] | None
) -> None:
    query = dns.message.QueryMessage(id=4711)
    query.flags = dns.flags.RD if desired else dns.flags.Flag(0)
    query.find_rrset(
        query.question, dns.name.Name([*parts, b""]), 1, dns.rdatatype.RdataType.make(code), create=True
    )
    if edns is not None:
        options: list[dns.edns.Option] = [dns.edns.GenericOption(*option) for option in edns[2]]
        query.use_edns(0, 0x8000 if edns[1] else 0, edns[0], options=options)
    octets = query.to_wire()
    question = parse_question(octets)
    assert isinstance(question, Question)
    assert question.id == (4711).to_bytes(2, "big")
    assert question.recursion_desired is desired
    assert question.section == octets[12 : 12 + len(question.section)]
    assert question.name == query.question[0].name.canonicalize().to_wire()
    assert question.type == code
    expected = None if edns is None else Edns(max(edns[0], 512), edns[1])
    assert question.edns == expected


@given(st.binary(max_size=100))
def test_no_octets_raise(octets: bytes) -> None:
    assert isinstance(parse_question(octets), Question | Problem)


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 255)), max_size=4), st.integers(0, 80))
def test_no_mutation_of_a_query_raises(changes: list[tuple[int, int]], length: int) -> None:
    octets = bytearray(packet(QUESTION, opt(options=b"\0\x0a\0\x08cookies!"), counts=WITH_OPT))
    for at, octet in changes:
        octets[at % len(octets)] = octet
    result = parse_question(bytes(octets[: max(length, 1)] if length < 60 else octets))
    assert isinstance(result, Question | Problem)
    if isinstance(result, Problem) and (response := assemble_refusal(result)) is not None:
        dns.message.from_wire(response)
