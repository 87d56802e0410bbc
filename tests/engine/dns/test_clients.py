"""dig and kdig as clients: they understand every response and warn of nothing.

The probes are those by which the ISC's compliance tester judges servers (RFC 8906 §8, ednscomp.isc.org).
"""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass

import pytest

pytestmark = pytest.mark.asyncio(loop_factories=["uvloop"])

COMPLAINTS = re.compile(
    r"warning|malformed|mismatch|bad packet|parse|unexpected|(?<!no)error|timed out|extra bytes|recursion requested",
    re.IGNORECASE,
)


async def run(program: str, *arguments: str) -> str:
    """What the program prints on both its outputs."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return output.decode()


@dataclass(frozen=True)
class Expected:
    """What dig shows of the response."""

    status: str = "NOERROR"
    answers: int = 1
    edns: bool = True
    do: bool = False


BADVERS = Expected(status="BADVERS", answers=0)

COMPLIANCE_PROBES = {
    "dns": ("+noedns +noad soa", Expected(edns=False)),
    "ad": ("+noedns +ad soa", Expected(edns=False)),
    "cd": ("+noedns +cd soa", Expected(edns=False)),
    "rd": ("+noedns +noad soa", Expected(edns=False)),
    "z": ("+noedns +noad +zflag soa", Expected(edns=False)),
    "tcp": ("+noedns +noad +tcp soa", Expected(edns=False)),
    "unknown type": ("+noedns +noad type1000", Expected(edns=False, answers=0)),
    "edns0": ("+edns=0 soa", Expected()),
    "edns1": ("+edns=1 +noednsneg soa", BADVERS),
    "edns@512": ("+edns=0 +ignore +bufsize=512 txt", Expected(answers=0)),
    "edns@4096": ("+edns=0 +ignore +bufsize=4096 soa", Expected()),
    "edns@0": ("+edns=0 +ignore +bufsize=0 soa", Expected()),
    "ednsopt": ("+edns=0 +ednsopt=100 soa", Expected()),
    "edns1opt": ("+edns=1 +noednsneg +ednsopt=100 soa", BADVERS),
    "do": ("+edns=0 +dnssec soa", Expected(do=True)),
    "edns1do": ("+edns=1 +noednsneg +dnssec soa", Expected(status="BADVERS", answers=0, do=True)),
    "ednsflags": ("+edns=0 +ednsflags=0x80 soa", Expected()),
    "edns1flags": ("+edns=1 +noednsneg +ednsflags=0x80 soa", BADVERS),
    "docookie": ("+edns=0 +dnssec +cookie=0102030405060708 soa", Expected(do=True)),
    "edns512tcp": ("+edns=0 +tcp +bufsize=512 +dnssec txt big.example.com", Expected(answers=20, do=True)),
    "edns@512 falling back to tcp": ("+bufsize=512 txt big.example.com", Expected(answers=20)),
    "optlist": ("+edns=0 +ednsopt=100 +nsid +subnet=0/0 +expire +cookie=0102030405060708 soa", Expected()),
    "keepalive": ("+edns=0 +tcp +keepalive +keepopen soa", Expected()),
    "padding": ("+edns=0 +padding=128 soa", Expected()),
    "a chain": ("a one.example.com", Expected(answers=3)),
    "mixed case": ("a WwW.eXaMpLe.CoM", Expected()),
    "no such name": ("a gone.example.com", Expected(status="NXDOMAIN", answers=0)),
    "no such type": ("aaaa www.example.com", Expected(answers=0)),
    "another's name": ("a example.org", Expected(status="REFUSED", answers=0)),
    "another class": ("-c CH txt version.bind", Expected(status="REFUSED", answers=0)),
    "our mistake": ("a broken.example.com", Expected(status="SERVFAIL", answers=0)),
    "unknown opcode": ("+opcode=15 soa", Expected(status="NOTIMP", answers=0)),
    "unknown opcode, header only": ("+noedns +opcode=15 +header-only", Expected("NOTIMP", 0, edns=False)),
    "update": ("+opcode=update soa", Expected(status="NOTIMP", answers=0)),
    "notify": ("+opcode=notify soa", Expected(status="NOTIMP", answers=0)),
}


@pytest.mark.parametrize("probe", COMPLIANCE_PROBES)
async def test_dig_has_nothing_to_complain_about(port: int, probe: str) -> None:
    arguments, expected = COMPLIANCE_PROBES[probe]
    words = arguments.split()
    if "." not in words[-1] and "+header-only" not in words:
        words.append("big.example.com" if words[-1] == "txt" else "example.com")
    output = await run(
        "dig", "@127.0.0.1", "-p", str(port), "+norecurse", "+tries=1", "+time=5", "+qr", *words
    )
    question, _, response = output.rpartition(";; Got answer:")
    assert question, output
    assert not COMPLAINTS.search(response), output
    assert f"status: {expected.status}," in response, output
    assert f"ANSWER: {expected.answers}," in response, output
    assert ("EDNS: version: 0," in response) is expected.edns, output
    assert (
        bool(re.search(r"; EDNS: version: 0, flags: do; udp: 1232$", response, re.MULTILINE)) is expected.do
    ), output
    assert "MBZ" not in response, output
    assert "COOKIE" not in response, output


KDIG_PROBES = {
    "plain": ("+noedns example.com SOA", "status: NOERROR"),
    "edns": ("+edns example.com SOA", "status: NOERROR"),
    "edns1": ("+edns=1 example.com SOA", "BADVERS"),
    "tcp": ("+tcp +keepopen big.example.com TXT", "status: NOERROR"),
    "do and cookie": ("+dnssec +cookie example.com MX", "status: NOERROR"),
    "buffer 512": ("+bufsize=512 +ignore big.example.com TXT", "Flags: qr aa tc;"),
    "buffer 4096": ("+bufsize=4096 middle.example.com TXT", "status: NOERROR"),
    "alignment": ("+padding=468 +alignment=64 www.example.com A", "status: NOERROR"),
    "unknown option": ("+ednsopt=65001:010203 www.example.com A", "status: NOERROR"),
    "chain": ("one.example.com A", "status: NOERROR"),
    "no such name": ("gone.example.com A", "status: NXDOMAIN"),
    "transfer": ("+noidn example.com AXFR", "REFUSED"),
}


@pytest.mark.parametrize("probe", KDIG_PROBES)
async def test_kdig_has_nothing_to_complain_about(port: int, probe: str) -> None:
    arguments, expected = KDIG_PROBES[probe]
    output = await run(
        "kdig", "@127.0.0.1", "-p", str(port), "+norec", "+retry=0", "+time=5", *arguments.split()
    )
    assert expected in output
    if expected != "REFUSED":
        assert not COMPLAINTS.search(output), output
