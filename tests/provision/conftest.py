"""The accounts of these tests: an engine's, and one of moto's, which is somebody else's idea of AWS."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from stillup.drill.engine_process import EngineProcess
from stillup.provision.account import Account
from tests.provision.typed import Typed
from tests.provision.visitor import STANDBY


@pytest.fixture(scope="session")
def credentials() -> Iterator[None]:
    """Any will do for moto and for an engine on loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def running(credentials: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine of our own, whose site is at an address of its own."""
    work = tmp_path_factory.mktemp("engine")
    listeners = ("--dns", "--api", "--site", "--console")
    arguments = [word for flag in listeners for word in (flag, "127.0.0.1:0")]
    arguments += ["--site-address", STANDBY]
    log = work / "engine.log"
    with EngineProcess([*arguments, "--data", str(work / "data")], log=log) as running:
        yield running
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="session")
def engine(running: EngineProcess) -> Account:
    """Its account."""
    return Account(endpoint_url=running.listeners.endpoint_url)


@pytest.fixture(scope="session")
def moto(credentials: None) -> Iterator[Account]:
    """An account of moto's server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield Account(endpoint_url=f"http://{host}:{port}")
    server.stop()


@pytest.fixture(params=["engine", "moto"])
def account(request: pytest.FixtureRequest) -> Account:
    """Each of them: nothing in these tests knows which."""
    found: Account = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def typed(account: Account, tmp_path: object) -> Typed:
    """A failover of a test's own, in a zone of its own, as somebody would type it."""
    return Typed.new(account, tmp_path)  # type: ignore[arg-type]
