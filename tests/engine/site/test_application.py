"""The website endpoint over real HTTP: the engine's listener on loopback, raw sockets and httpx in front."""

import asyncio
import hashlib
import json
import resource
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillup.engine.http import HttpListener
from stillup.engine.site.application import site_application
from stillup.rules.buckets.bucket import Bucket, PublicAccessBlock, StoredObject, Website
from stillup.rules.ids import BlobId, BucketName
from stillup.rules.world import World
from tests.fakes import FakeBlobs, FakeClock, FakeDie, FakeWorlds

NAME = BucketName("www.example.com")
POLICY = {
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{NAME}/*",
    }
}
BIG = 64 << 20
HUGE = 1 << 30
MODIFIED = 1_700_000_000


class MixedBlobs(FakeBlobs):
    """Beside blobs in memory one that is longer than memory should ever hold, made up as it is read."""

    def __init__(self) -> None:
        super().__init__(chunk=1 << 20)
        self.made = 0

    def read(self, blob: BlobId, start: int, length: int) -> AsyncIterator[bytes]:
        return self._make(length) if blob == "big" else super().read(blob, start, length)

    async def _make(self, length: int) -> AsyncIterator[bytes]:
        self.open_reads += 1
        try:
            for _ in range(0, length, 1 << 20):
                self.made += 1 << 20
                yield bytes(1 << 20)
        finally:
            self.open_reads -= 1


@dataclass
class Site:
    """A running site."""

    worlds: FakeWorlds
    blobs: MixedBlobs
    port: int

    async def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {"host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with httpx.AsyncClient(verify=False) as client:  # plain HTTP; no certificates to load
            return await client.request(method, f"http://127.0.0.1:{self.port}{path}", headers=named)

    async def raw(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    blobs = MixedBlobs()
    objects = {}
    for key, text in {"index.html": "<h1>up</h1>", "error.html": "sorry", "empty": ""}.items():
        blob = blobs._keep(text.encode())
        etag = hashlib.md5(text.encode()).hexdigest()
        objects[key] = StoredObject(
            key,
            blob,
            len(text),
            etag,
            MODIFIED,
            headers={"content-type": "text/html"},
            metadata={"who": "me"},
        )
    objects["big"] = StoredObject("big", BlobId("big"), BIG, "big", MODIFIED)
    objects["huge"] = StoredObject("huge", BlobId("big"), HUGE, "huge", MODIFIED)
    objects["lost"] = StoredObject("lost", BlobId("lost"), 5, "lost", MODIFIED)
    bucket = Bucket(
        NAME,
        "us-east-1",
        0,
        public_access_block=PublicAccessBlock(restrict_public_buckets=False),
        website=Website("index.html", "error.html"),
        policy=json.dumps(POLICY),
        objects=objects,
    )
    worlds = FakeWorlds(World(buckets={NAME: bucket}))
    listener = HttpListener(site_application(worlds, blobs, FakeClock(), FakeDie()), "127.0.0.1", 0)
    _, port = await listener.start()
    yield Site(worlds, blobs, port)
    await listener.close()


async def test_a_page_comes_with_its_head(site: Site) -> None:
    answer = await site.get("/")
    assert (answer.status_code, answer.text) == (200, "<h1>up</h1>")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["content-length"] == "11"
    assert answer.headers["etag"] == f'"{hashlib.md5(answer.content).hexdigest()}"'
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-amz-meta-who"] == "me"


async def test_head_has_the_head_of_get_and_no_body(site: Site) -> None:
    get, head = await site.get("/"), await site.get("/", "HEAD")
    assert head.content == b""
    own = {"date": "", "x-amz-request-id": "", "x-amz-id-2": ""}
    assert {**head.headers, **own} == {**get.headers, **own}


async def test_an_error_document_keeps_the_status(site: Site) -> None:
    answer = await site.get("/nothing")
    assert (answer.status_code, answer.text) == (404, "sorry")
    assert answer.headers["x-amz-error-code"] == "NoSuchKey"


async def test_an_error_is_s3s_html(site: Site) -> None:
    answer = await site.get("/", host="<b>.example.com")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>404 Not Found</h1>" in answer.text
    assert "<li>Code: NoSuchBucket</li>" in answer.text
    assert f"<li>RequestId: {answer.headers['x-amz-request-id']}</li>" in answer.text
    assert f"<li>HostId: {answer.headers['x-amz-id-2']}</li>" in answer.text
    assert "<li>BucketName: &lt;b&gt;.example.com</li>" in answer.text
    assert (await site.get("/", "HEAD", host="other.example.com")).content == b""


async def test_an_unreadable_object_is_forbidden_in_html(site: Site) -> None:
    bucket = replace(
        site.worlds.current.buckets[NAME], policy=None, website=Website("index.html", "error.html")
    )
    site.worlds.current = World(buckets={NAME: bucket})
    answer = await site.get("/")
    assert answer.status_code == 403
    assert "<h1>403 Forbidden</h1>" in answer.text
    assert answer.text.count("<li>Code: AccessDenied</li>") == 2


async def test_ranges_conditions_and_methods_reach_the_rules(site: Site) -> None:
    part = await site.get("/", range="bytes=1-2")
    assert (part.status_code, part.text, part.headers["content-range"]) == (206, "h1", "bytes 1-2/11")
    unmodified = await site.get("/", if_none_match=part.headers["etag"])
    assert (unmodified.status_code, unmodified.content) == (304, b"")
    assert (await site.get("/", if_modified_since=part.headers["last-modified"])).status_code == 304
    assert (await site.get("/", if_match='"x"')).status_code == 412
    assert (await site.get("/", range="bytes=99-")).headers["content-range"] == "bytes */11"
    refused = await site.get("/", "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert (await site.get("/", host="s3-website-us-east-1.amazonaws.com")).status_code == 301
    assert (await site.get("/empty")).headers["content-length"] == "0"


async def test_an_object_whose_contents_are_lost_is_500(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    answer = await site.get("/lost")
    assert answer.status_code == 500
    assert "InternalError" in answer.text
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the contents of an object are missing"
    ]


async def test_an_object_replaced_before_the_first_read_is_served_anew(site: Site) -> None:
    bucket = site.worlds.current.buckets[NAME]
    old = bucket.objects["lost"]

    class Late(FakeWorlds):
        """Its world is a step ahead at every look."""

        looks = 0

        @property  # type: ignore[override]
        def current(self) -> World:
            self.looks += 1
            stored = old if self.looks == 1 else replace(bucket.objects["index.html"], key="lost")
            return World(buckets={NAME: replace(bucket, objects={"lost": stored})})

        @current.setter
        def current(self, world: World) -> None:
            pass

    transport = httpx.ASGITransport(site_application(Late(), site.blobs, FakeClock(), FakeDie()))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{NAME}") as client:
        assert (await client.get("/lost")).text == "<h1>up</h1>"


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: www.example.com\r\nhost: other.example.com\r\nconnection: close\r\n\r\n",
    ],
)
async def test_a_request_without_one_host_is_400(site: Site, request_head: bytes) -> None:
    assert (await site.raw(request_head)).startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize(
    "path", [b"/%00", b"/%ff", b"/\xff\xfe", b"/../../etc/passwd", b"/%2e%2e%2fetc", b"//x"]
)
async def test_odd_paths_are_4xx(site: Site, path: bytes) -> None:
    answer = await site.raw(
        b"GET " + path + b" HTTP/1.1\r\nhost: www.example.com\r\nconnection: close\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 4")


async def test_a_large_object_is_read_no_faster_than_it_is_taken(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=1 << 16)
    writer.write(b"GET /big HTTP/1.1\r\nhost: www.example.com\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    before = -1
    while site.blobs.made != before:  # until everything between the two is full
        before = site.blobs.made
        await asyncio.sleep(0.05)
    assert site.blobs.made < BIG // 2
    writer.close()


@pytest.mark.slow
async def test_a_visitor_who_leaves_ends_the_reading_without_a_word(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=1 << 16)
        writer.write(b"GET /big HTTP/1.1\r\nhost: www.example.com\r\n\r\n")
        await reader.readexactly(1000)
        writer.transport.abort()
    async with asyncio.timeout(10):
        while site.blobs.open_reads:
            await asyncio.sleep(0.001)
    assert site.blobs.made < 3 * BIG
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.slow
async def test_a_gigabyte_takes_no_more_memory_than_a_page(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=1 << 16)
    writer.write(b"GET /huge HTTP/1.1\r\nhost: www.example.com\r\nconnection: close\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = 0
    while chunk := await reader.read(1 << 20):
        taken += len(chunk)
    writer.close()
    assert taken == HUGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10  # KiB


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(targets=st.lists(st.binary(max_size=40), min_size=1, max_size=8))
async def test_any_request_line_is_answered_or_hung_up_on(site: Site, targets: list[bytes]) -> None:
    for target in targets:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(b"GET /" + target + b" HTTP/1.1\r\nhost: www.example.com\r\nconnection: close\r\n\r\n")
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        assert answer == b"" or answer.startswith(b"HTTP/1."), answer
        assert not answer.startswith(b"HTTP/1.1 5"), answer


@pytest.mark.slow
async def test_a_large_object_arrives_whole(site: Site) -> None:
    taken = 0
    async with (
        httpx.AsyncClient(verify=False) as client,
        client.stream("GET", f"http://127.0.0.1:{site.port}/big", headers={"host": NAME}) as answer,
    ):
        async for chunk in answer.aiter_raw():
            taken += len(chunk)
    assert taken == int(answer.headers["content-length"]) == BIG
    assert site.blobs.open_reads == 0
