"""What a restart, however rude, leaves as it was."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from stillup.drill.demo import stage
from stillup.drill.engine_process import EngineProcess
from stillup.drill.visitor import ask

pytestmark = pytest.mark.slow

KILLS = 2
PRIMARY = "127.0.0.2"
BACKUP = "127.0.0.3"


def _arguments(tmp_path: Path, rate: float = 1.0) -> list[str]:
    addresses = [word for flag in ("--dns", "--api", "--site", "--console") for word in (flag, "127.0.0.1:0")]
    data = ["--data", str(tmp_path / "data"), "--site-address", BACKUP, "--clock-rate", str(rate)]
    return [*addresses, *data]


class _Writer:
    """Writes zones, records and objects as fast as it is answered, and remembers what was acknowledged."""

    def __init__(self, endpoint_url: str, round_number: int) -> None:
        session = boto3.Session("kill", "kill", region_name="us-east-1")
        config = Config(retries={"total_max_attempts": 1})
        self._route53 = session.client("route53", endpoint_url=endpoint_url, config=config)
        self._s3 = session.client("s3", endpoint_url=endpoint_url, config=config)
        self._round = round_number
        self.records: dict[str, str] = {}
        self.objects: dict[str, bytes] = {}
        self.enough = threading.Event()

    def run(self, zone_id: str, bucket: str, until: int) -> None:
        """Write until the engine is gone; `enough` is set after so many acknowledgements."""
        with contextlib.suppress(BotoCoreError, ClientError, OSError):
            for number in range(10_000):
                name, address = (
                    f"r{self._round}-{number}.kill.example.",
                    f"10.0.{number // 250}.{number % 250 + 1}",
                )
                both = [self._upsert(name, address), self._upsert(f"twin-{name}", address)]
                self._route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": both})
                self.records[name] = address
                key, body = f"{self._round}/{number}", bytes([number % 256]) * (number % 5000)
                self._s3.put_object(Bucket=bucket, Key=key, Body=body)
                self.objects[key] = body
                if number >= until:
                    self.enough.set()

    @staticmethod
    def _upsert(name: str, address: str) -> dict[str, object]:
        record = {"Name": name, "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": address}]}
        return {"Action": "UPSERT", "ResourceRecordSet": record}


def test_whatever_was_acknowledged_outlives_sigkill_and_batches_are_whole(tmp_path: Path) -> None:
    die = random.Random(7)
    records: dict[str, str] = {}
    objects: dict[str, bytes] = {}
    with EngineProcess(_arguments(tmp_path), log=tmp_path / "engine.log") as engine:
        cloud = stage.Cloud(engine.listeners.endpoint_url)
        zone_id = cloud.route53.create_hosted_zone(Name="kill.example", CallerReference="1")["HostedZone"][
            "Id"
        ]
        cloud.s3.create_bucket(Bucket="kill")
        for round_number in range(KILLS):
            writer = _Writer(engine.listeners.endpoint_url, round_number)
            thread = threading.Thread(target=writer.run, args=(zone_id, "kill", die.randrange(1, 30)))
            thread.start()
            assert writer.enough.wait(60)
            engine.kill()
            thread.join()
            records |= writer.records
            objects |= writer.objects

            engine.start()
            cloud = stage.Cloud(engine.listeners.endpoint_url)
            pages = cloud.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
            listed = {
                each["Name"]: each["ResourceRecords"][0]["Value"]
                for page in pages
                for each in page["ResourceRecordSets"]
                if each["Type"] == "A"
            }
            assert records.items() <= listed.items()
            assert {name.removeprefix("twin-") for name in listed} == {
                name for name in listed if not name.startswith("twin-") and f"twin-{name}" in listed
            }
            for key, body in objects.items():
                assert cloud.s3.get_object(Bucket="kill", Key=key)["Body"].read() == body


def _wait_until_kept(database: Path, check_id: str, status: str) -> None:
    """Answers change at once and do not wait for the disk; only what is on it can outlive a kill."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        while connection.execute("SELECT status FROM status WHERE check_id = ?", (check_id,)).fetchall() != [
            (status,)
        ]:
            time.sleep(0.01)


def test_the_first_answer_after_a_restart_rests_on_the_saved_status(
    tmp_path: Path, free_pair_port: int
) -> None:
    """The primary is dead and stays dead: nobody must be sent to it while the engine looks again."""
    with EngineProcess(_arguments(tmp_path, rate=60.0), log=tmp_path / "engine.log") as engine:
        cloud = stage.Cloud(engine.listeners.endpoint_url)
        check_id = stage.make_health_check(cloud, PRIMARY, free_pair_port)
        stage.make_records(cloud, PRIMARY, check_id)
        _wait_until_kept(tmp_path / "data" / "stillup.db", check_id, "unhealthy")
        engine.kill()
        engine.start()
        assert ask(engine.listeners.dns, stage.SITE) == BACKUP
        assert engine.stop() == 0
        engine.start()
        assert ask(engine.listeners.dns, stage.SITE) == BACKUP
