"""The guide's set-up, made by hand through the API, as `import` finds it; on the engine and on moto."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from stillup.lint.catalogue import RULES
from stillup.lint.subject import Subject
from stillup.plan.describe import NotDescribable, describe
from stillup.plan.desired import desired
from stillup.plan.difference import difference
from stillup.plan.file.plan_file import Where
from stillup.plan.step import Plan
from stillup.provision.account import Account
from stillup.provision.discover import Discovered, discover, download, find_failover
from stillup.provision.errors import ProvisionFailed
from stillup.provision.read import read_setup
from tests.conformance.conftest import Subject as Endpoint

pytestmark = pytest.mark.slow

MARK = "<h1>backup</h1>\n"


@dataclass(frozen=True)
class Made:
    """What was made, and where."""

    account: Account
    name: str
    check: str
    topic: str

    @property
    def where(self) -> Where:
        return Where.model_validate({"endpoint-url": self.account.endpoint_url})

    def discover(self, folder: Path | None = None) -> Discovered:
        name = None if folder is None else folder.name
        return discover(self.account, self.name, self.where, now=time.time(), folder=folder, folder_name=name)

    def plan(self, found: Discovered, *, adopt: bool = False) -> Plan:
        wanted = desired(found.description.failover, self.where)
        actual = read_setup(self.account, self.name, zone=wanted.zone.name, wanted=wanted)
        return difference(wanted, actual)

    def ids(self, found: Discovered) -> set[str]:
        """The rules that lint breaks on."""
        subject = Subject(found.setup, found.description.failover, self.where, None, found.live)
        return {rule.id for rule in RULES if list(rule.find(subject))}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Somebody else's AWS."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module", params=["engine", "moto"])
def account(request: pytest.FixtureRequest, subject: Endpoint, moto: str) -> Iterator[Account]:
    """Each of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "guide")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "guide")
        yield Account(endpoint_url=subject.endpoint_url if request.param == "engine" else moto)


@pytest.fixture(scope="module")
def made(account: Account) -> Made:
    """The guide's steps 1 to 4, to the letter but for the names and the address."""
    return _follow_the_guide(account, f"z{uuid.uuid4().hex[:12]}.example")


@pytest.fixture(scope="module")
def found(made: Made) -> Discovered:
    """What `import` finds of it."""
    return made.discover()


def _follow_the_guide(account: Account, zone: str) -> Made:
    name = f"www.{zone}"
    route53 = account.route53
    zone_id = route53.create_hosted_zone(Name=zone, CallerReference=zone)["HostedZone"]["Id"]
    _publish(account, name)
    check = route53.create_health_check(
        CallerReference=f"ec2-primary-{zone}",
        HealthCheckConfig={
            "IPAddress": "127.0.0.9",
            "Port": 80,
            "Type": "HTTP",
            "ResourcePath": "/health",
            "FullyQualifiedDomainName": name,
            "RequestInterval": 30,
            "FailureThreshold": 3,
        },
    )["HealthCheck"]["Id"]
    primary = {
        "Name": name,
        "Type": "A",
        "SetIdentifier": "Primary-EC2",
        "Failover": "PRIMARY",
        "TTL": 60,
        "ResourceRecords": [{"Value": "127.0.0.9"}],
        "HealthCheckId": check,
    }
    secondary = {
        "Name": name,
        "Type": "A",
        "SetIdentifier": "Secondary-S3",
        "Failover": "SECONDARY",
        "AliasTarget": {
            "HostedZoneId": "Z3AQBSTGFYJSTF",
            "DNSName": f"{name}.s3-website-us-east-1.amazonaws.com",
            "EvaluateTargetHealth": False,
        },
    }
    changes = [{"Action": "CREATE", "ResourceRecordSet": each} for each in (primary, secondary)]
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})  # type: ignore[typeddict-item]
    return Made(account, name, check, _alert(account, zone, check))


def _publish(account: Account, name: str) -> None:
    s3 = account.s3()
    s3.create_bucket(Bucket=name)
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={"BlockPublicPolicy": False, "RestrictPublicBuckets": False},
    )
    statement = {
        "Sid": "PublicReadGetObject",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_bucket_website(
        Bucket=name,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
        },
    )
    s3.put_object(Bucket=name, Key="index.html", Body=MARK.encode(), ContentType="text/html")


def _alert(account: Account, zone: str, check: str) -> str:
    sns = account.sns("us-east-1")
    topic = sns.create_topic(Name=f"alerts-{zone.partition('.')[0]}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")
    account.cloudwatch("us-east-1").put_metric_alarm(
        AlarmName=f"down-{zone}",
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": check}],
        Statistic="Minimum",
        Period=60,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        EvaluationPeriods=1,
        AlarmActions=[topic],
    )
    return topic


def test_the_guides_set_up_is_described_and_there_is_nothing_to_do(made: Made, found: Discovered) -> None:
    failover = found.description.failover

    assert (str(failover.primary.address), failover.ttl) == ("127.0.0.9", 60)
    assert failover.primary.check is not None
    assert failover.primary.check.path == "/health"
    assert failover.standby.bucket == made.name
    assert failover.alert is not None
    assert (failover.alert.emails, failover.alert.topic) == (("oncall@example.com",), made.topic)
    planned = made.plan(found)
    assert planned.steps == ()
    assert planned.refusals == ()


def test_what_is_wrong_with_the_guides_set_up_is_found(made: Made, found: Discovered) -> None:
    """Its alarm tells of no recovery and takes silence for nothing (8.i); its alias carries the bucket's name."""
    ids = made.ids(found)

    assert {"SU005", "SU261", "SU307", "SU308"} <= ids
    assert ("SU350" in ids) is not found.setup.topics[0].subscriptions[0].is_confirmed
    # Not SU162, checks that nobody names: other tests leave theirs on the same engine.
    assert not ids & {"SU250", "SU251", "SU253", "SU260", "SU150", "SU356", "SU354"}


def test_facts_that_cannot_be_known_are_named(found: Discovered) -> None:
    assert any("settings for the whole account" in each for each in found.live.unknown)


def test_the_site_is_saved_and_published_from_there(made: Made, tmp_path: Path) -> None:
    made.account.s3().put_object(Bucket=made.name, Key="../escape.html", Body=b"x")
    [setup] = find_failover(made.account, made.name)
    assert setup.bucket is not None

    left_out = download(made.account, setup.bucket, tmp_path / "site")

    assert (tmp_path / "site" / "index.html").read_text() == MARK
    assert left_out == ("../escape.html",)
    assert not (tmp_path / "escape.html").exists()
    assert describe(setup, made.where, folder="site").failover.standby.folder == "site"


def test_a_name_without_failover_is_told_apart_from_one_without_a_zone(made: Made) -> None:
    where = made.where
    with pytest.raises(NotDescribable, match="has no records"):
        discover(made.account, f"nobody.{made.name}", where, now=time.time())
    with pytest.raises(ProvisionFailed, match="No hosted zone"):
        discover(made.account, "www.nowhere.invalid", where, now=time.time())


def test_a_bucket_that_was_shut_is_found(account: Account) -> None:
    made = _follow_the_guide(account, f"z{uuid.uuid4().hex[:12]}.example")
    account.s3().delete_bucket_policy(Bucket=made.name)

    assert "SU253" in made.ids(made.discover())


def test_what_was_left_behind_and_what_is_gone_is_found(account: Account) -> None:
    """A second check as the guide would make it again, an alarm whose check is gone, a bucket that is gone."""
    made = _follow_the_guide(account, f"z{uuid.uuid4().hex[:12]}.example")
    s3 = account.s3()
    s3.delete_object(Bucket=made.name, Key="index.html")
    s3.delete_bucket(Bucket=made.name)
    left = account.route53.create_health_check(
        CallerReference=f"again-{made.name}",
        HealthCheckConfig={"FullyQualifiedDomainName": made.name, "Type": "TCP", "Port": 80},
    )["HealthCheck"]["Id"]
    account.cloudwatch("us-east-1").put_metric_alarm(
        AlarmName=f"left-{made.name}",
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": str(uuid.uuid4())}],
        Statistic="Minimum",
        Period=60,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        EvaluationPeriods=1,
        AlarmActions=[made.topic],
    )

    found = made.discover()

    assert left in [each.id for each in found.live.left_checks or ()]
    assert f"left-{made.name}" in [each.name for each in found.live.left_alarms or ()]
    assert {"SU162", "SU250", "SU354"} <= made.ids(found)
