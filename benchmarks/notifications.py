"""One message to ten thousand webhooks, and mails through a server: how long, how much memory, and DNS meanwhile.

`python -m benchmarks.notifications`; a minute or two. The engine, the servers that are told, and whoever asks DNS are
processes of their own, on loopback, so the servers take their share of the machine. Subscribers are in the data folder
when the engine starts.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import boto3
import dns.message
import dns.query
from aiosmtpd.smtp import SMTP

from stillup.drill.engine_process import EngineProcess
from stillup.engine.clock import SystemDie
from stillup.engine.store import open_store
from stillup.rules.changes import SubscriptionPut, TopicPut
from stillup.rules.ids import Arn
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic

WEBHOOKS = 10_000
HOSTS = (1, 100)
"""Servers that share them; each takes eight at a time."""
MAILS = 500
TOPIC = Arn("arn:aws:sns:us-east-1:123456789012:alerts")
PAUSE = 0.005
"""Seconds between two DNS queries."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Servers of a process of its own, which says when it was told for the last time that counts."""

    process: multiprocessing.Process
    pipe: Connection
    ports: list[int]


def receivers(kind: str, hosts: int, expected: int) -> Receivers:
    """Start servers for webhooks or for mails."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_receive, args=(kind, hosts, expected, theirs), daemon=True)
    process.start()
    return Receivers(process, ours, ours.recv())


def _receive(kind: str, hosts: int, expected: int, pipe: Connection) -> None:
    asyncio.run(_serve(kind, hosts, expected, pipe))


async def _serve(kind: str, hosts: int, expected: int, pipe: Connection) -> None:
    told, all_told = 0, asyncio.Event()

    def count() -> None:
        nonlocal told
        told += 1
        if told == expected:
            all_told.set()

    async def webhook(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        count()
        writer.close()

    class Taker:
        async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
            count()
            return "250 OK"

    loop, ports = asyncio.get_running_loop(), []
    for _ in range(hosts):
        if kind == "mails":
            server = await loop.create_server(lambda: SMTP(Taker(), loop=loop), "127.0.0.1", 0)
        else:
            server = await asyncio.start_server(webhook, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
    pipe.send(ports)
    await all_told.wait()
    pipe.send(time.monotonic())


async def subscribe(data: Path, endpoints: list[tuple[DeliveryProtocol, str]]) -> None:
    """Write subscribers who have confirmed into a data folder."""
    store = open_store(data, SystemDie())
    topic = Topic(arn=TOPIC, name="alerts", region="us-east-1", owner="123456789012", created_at=0.0)
    await store.worlds.commit(lambda _: TopicPut(topic))
    made = [
        Subscription(
            arn=Arn(f"{TOPIC}:{number}"),
            topic_arn=TOPIC,
            protocol=protocol,
            endpoint=endpoint,
            owner=topic.owner,
            created_at=0.0,
            token=f"{number:064x}",
            token_at=0.0,
            is_confirmed=True,
        )
        for number, (protocol, endpoint) in enumerate(endpoints)
    ]
    await asyncio.gather(*(store.worlds.commit(lambda _, new=each: SubscriptionPut(new)) for each in made))
    await store.close()


def publish(told: Receivers, endpoints: list[tuple[DeliveryProtocol, str]], *given: str) -> str:
    """Publish once, and ask DNS until the last subscriber was told; the figures."""
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        work = Path(name)
        asyncio.run(subscribe(work / "data", endpoints))
        with EngineProcess([*listeners, "--data", str(work / "data"), *given], log=work / "log") as engine:
            sns = boto3.client(
                "sns",
                endpoint_url=engine.listeners.endpoint_url,
                region_name="us-east-1",
                aws_access_key_id="any",
                aws_secret_access_key="any",
            )
            before, asked = _mebibytes(engine.pid), []
            start = time.monotonic()
            sns.publish(TopicArn=TOPIC, Message="It is down.", Subject="Down")
            acknowledged = time.monotonic() - start
            while not told.pipe.poll(PAUSE):
                asked.append(_milliseconds_of_a_query(engine))
            took, after = told.pipe.recv() - start, _mebibytes(engine.pid)
        told.process.join()
    return (
        f"{took:6.1f} s  {len(endpoints) / took:6.0f}/s  acknowledged after {acknowledged * 1e3:.0f} ms  "
        f"memory {before:.0f} -> {after:.0f} MiB  DNS median {statistics.median(asked):.1f} ms, "
        f"99 % within {sorted(asked)[int(len(asked) * 0.99)]:.1f} ms"
    )


def _milliseconds_of_a_query(engine: EngineProcess) -> float:
    query = dns.message.make_query("www.example.com", "A")
    start = time.perf_counter()
    dns.query.udp(query, engine.listeners.dns.host, port=engine.listeners.dns.port, timeout=5)
    return (time.perf_counter() - start) * 1e3


def _mebibytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def main() -> None:
    """Print a line for each number of hosts, and one for mails."""
    for hosts in HOSTS:
        told = receivers("webhooks", hosts, WEBHOOKS)
        endpoints = [
            (DeliveryProtocol.HTTP, f"http://127.0.0.1:{told.ports[number % hosts]}/{number}")
            for number in range(WEBHOOKS)
        ]
        print(f"{WEBHOOKS} webhooks of {hosts:>3} hosts  {publish(told, endpoints)}", flush=True)
    told = receivers("mails", 1, MAILS)
    addresses = [(DeliveryProtocol.EMAIL, f"person{number}@example.com") for number in range(MAILS)]
    print(
        f"{MAILS:>5} mails through one server  {publish(told, addresses, '--smtp', f'smtp://127.0.0.1:{told.ports[0]}')}",
        flush=True,
    )


if __name__ == "__main__":
    main()
