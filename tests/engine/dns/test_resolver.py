"""unbound in front of us: what a careful resolver makes of our answers."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import dns.asyncquery
import dns.message
import dns.rcode
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_factories=["uvloop"])]

CONFIGURATION = """
server:
    interface: 127.77.0.3@{port}
    directory: "{directory}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    do-ip6: no
    do-not-query-localhost: no
    module-config: "iterator"
    num-threads: 1
    use-caps-for-id: yes
    qname-minimisation-strict: yes
    harden-referral-path: yes
    harden-algo-downgrade: yes
    harden-large-queries: yes
    harden-short-bufsize: yes
    verbosity: 1
    log-servfail: yes
stub-zone:
    name: example.com
    stub-addr: 127.0.0.1@{upstream}
remote-control:
    control-enable: no
"""


@pytest.fixture
async def resolver(port: int, tmp_path: Path) -> AsyncIterator[int]:
    """The port of an unbound that asks our server about example.com."""
    program = shutil.which("unbound", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("unbound is not installed")
    # On an address where no other program takes the port before unbound does.
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.77.0.3", 0))
        own_port = free.getsockname()[1]
    configuration = tmp_path / "unbound.conf"
    configuration.write_text(CONFIGURATION.format(port=own_port, upstream=port, directory=tmp_path))
    process = await asyncio.create_subprocess_exec(
        program, "-dd", "-c", str(configuration), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while b"start of service" not in (line := await process.stderr.readline()):
            assert line, "unbound ended"
    yield own_port
    process.terminate()
    log = (await process.stderr.read()).decode()
    await process.wait()
    assert "SERVFAIL" not in log
    assert "error" not in log


async def resolve(port: int, name: str, record_type: str = "A") -> dns.message.Message:
    query = dns.message.make_query(name, record_type, use_edns=0, payload=1232)
    response, _ = await dns.asyncquery.udp_with_fallback(query, "127.77.0.3", port=port, timeout=10)
    return response


async def test_a_resolver_understands_all_that_we_answer(resolver: int) -> None:
    chain = await resolve(resolver, "one.example.com")
    assert [record.to_text().split(" IN ")[1] for record in chain.answer] == [
        "CNAME two.example.com.",
        "CNAME www.example.com.",
        "A 203.0.113.10",
    ]
    many = await resolve(resolver, "many.example.com")
    assert len(many.answer[0]) == 1
    big = await resolve(resolver, "big.example.com", "TXT")
    assert len(big.answer[0]) == 20
    gone = await resolve(resolver, "no.such.name.example.com")
    assert gone.rcode() == dns.rcode.NXDOMAIN
    assert gone.authority[0].to_text().startswith("example.com. 60 IN SOA")
    nothing = await resolve(resolver, "www.example.com", "AAAA")
    assert nothing.rcode() == dns.rcode.NOERROR
    assert (nothing.answer, len(nothing.authority)) == ([], 1)
    shouted = await resolve(resolver, "WWW.example.com")
    assert shouted.answer[0][0].to_text() == "203.0.113.10"
