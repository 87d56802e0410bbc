"""The whole guide as a user who may do just what it takes, and then a little less."""

from __future__ import annotations

import contextlib
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from stillup.drill.engine_process import EngineProcess
from tests.drills import permissions

pytestmark = pytest.mark.slow

ROOT = ("AKIAROOTROOTROOTROOT", "the-roots-secret-of-forty-characters-long")
SITE, TOPIC, ALARM = "www.example.com", "ec2-failover-alerts", "EC2-HealthCheck-Failed"
TOPIC_ARN = f"arn:aws:sns:us-east-1:123456789012:{TOPIC}"
INSTANCE = "i-0123456789abcdef0"
DENIED = {"AccessDenied", "UnauthorizedOperation", "AuthorizationError", "AccessDeniedException"}
PUBLIC = permissions.document(
    [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{SITE}/*"}]
)


class Account:
    """The clients of one identity."""

    def __init__(self, endpoint_url: str, key_id: str, secret: str) -> None:
        session = boto3.Session(key_id, secret, region_name="us-east-1")
        config = Config(retries={"total_max_attempts": 1})
        make = partial(session.client, endpoint_url=endpoint_url, config=config)
        self.iam, self.route53, self.s3 = make("iam"), make("route53"), make("s3")
        self.cloudwatch, self.sns, self.ec2 = make("cloudwatch"), make("sns"), make("ec2")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    folder = tmp_path_factory.mktemp("permissions")
    config = folder / "stillup.toml"
    config.write_text(
        f'[[instance]]\nid = "{INSTANCE}"\ncommand = ["{sys.executable}", "-c", "import signal; signal.pause()"]\n'
    )
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STILLUP_ROOT_ACCESS_KEY_ID", ROOT[0])
        patch.setenv("STILLUP_ROOT_SECRET_ACCESS_KEY", ROOT[1])
        process = EngineProcess(
            ["--config", str(config), "--data", str(folder / "data"), *listeners], log=folder / "engine.log"
        )
        with process:
            yield process


@pytest.fixture(scope="module")
def root(engine: EngineProcess) -> Account:
    return Account(engine.listeners.endpoint_url, *ROOT)


@pytest.fixture(scope="module")
def zone_id(root: Account) -> str:
    zone = root.route53.create_hosted_zone(Name="example.com", CallerReference="prerequisite")
    return str(zone["HostedZone"]["Id"]).removeprefix("/hostedzone/")


@pytest.fixture
def user(engine: EngineProcess, root: Account) -> Iterator[Account]:
    """A user without any right."""
    root.iam.create_user(UserName="operator")
    key = root.iam.create_access_key(UserName="operator")["AccessKey"]
    yield Account(engine.listeners.endpoint_url, key["AccessKeyId"], key["SecretAccessKey"])
    root.iam.delete_access_key(UserName="operator", AccessKeyId=key["AccessKeyId"])
    root.iam.delete_user(UserName="operator")


@contextlib.contextmanager
def allowed(root: Account, document: str) -> Iterator[None]:
    """Let the user do this, as a managed policy: the 21 statements are too long for an inline one."""
    arn = root.iam.create_policy(PolicyName="least", PolicyDocument=document)["Policy"]["Arn"]
    root.iam.attach_user_policy(UserName="operator", PolicyArn=arn)
    yield
    root.iam.detach_user_policy(UserName="operator", PolicyArn=arn)
    root.iam.delete_policy(PolicyArn=arn)


class Guide:
    """The guide's steps, each by the action that it needs. What one step makes, a later one uses."""

    def __init__(self, root: Account, zone_id: str) -> None:
        self._root = root
        self._zone = zone_id
        self._check = ""
        self._change = ""

    def steps(self) -> dict[str, Callable[[Account], Any]]:
        """In the guide's order, the clean-up last."""
        block = {"BlockPublicPolicy": False, "RestrictPublicBuckets": False}
        website = {"IndexDocument": {"Suffix": "index.html"}}
        return {
            "route53:ListHostedZonesByName": lambda who: who.route53.list_hosted_zones_by_name(),
            "s3:CreateBucket": lambda who: who.s3.create_bucket(Bucket=SITE),
            "s3:PutBucketPublicAccessBlock": lambda who: who.s3.put_public_access_block(
                Bucket=SITE, PublicAccessBlockConfiguration=block
            ),
            "s3:PutBucketPolicy": lambda who: who.s3.put_bucket_policy(Bucket=SITE, Policy=PUBLIC),
            "s3:PutBucketWebsite": lambda who: who.s3.put_bucket_website(
                Bucket=SITE, WebsiteConfiguration=website
            ),
            "s3:PutObject": lambda who: who.s3.put_object(Bucket=SITE, Key="index.html", Body=b"backup"),
            "route53:CreateHealthCheck": self._create_check,
            "route53:ChangeTagsForResource": lambda who: who.route53.change_tags_for_resource(
                ResourceType="healthcheck",
                ResourceId=self._check,
                AddTags=[{"Key": "Name", "Value": "primary"}],
            ),
            "route53:GetHealthCheck": lambda who: who.route53.get_health_check(HealthCheckId=self._check),
            "route53:ChangeResourceRecordSets": partial(self._change_records, "CREATE"),
            "route53:GetChange": lambda who: who.route53.get_change(Id=self._change),
            "route53:ListResourceRecordSets": lambda who: who.route53.list_resource_record_sets(
                HostedZoneId=self._zone
            ),
            "sns:CreateTopic": lambda who: who.sns.create_topic(Name=TOPIC),
            "sns:Subscribe": lambda who: who.sns.subscribe(
                TopicArn=TOPIC_ARN, Protocol="email", Endpoint="oncall@example.com"
            ),
            "cloudwatch:PutMetricAlarm": self._put_alarm,
            "cloudwatch:DescribeAlarms": lambda who: who.cloudwatch.describe_alarms(),
            "route53:GetHealthCheckStatus": lambda who: who.route53.get_health_check_status(
                HealthCheckId=self._check
            ),
            "ec2:DescribeInstances": lambda who: who.ec2.describe_instances(),
            "ec2:StopInstances": lambda who: who.ec2.stop_instances(InstanceIds=[INSTANCE]),
            "ec2:StartInstances": self._start,
            "route53:DeleteHealthCheck": lambda who: who.route53.delete_health_check(
                HealthCheckId=self._check
            ),
        }

    def follow(self, user: Account) -> set[str]:
        """The steps that the user may not do; the root does those, so that the later ones have what they need."""
        refused = set()
        for action, step in self.steps().items():
            try:
                step(user)
            except ClientError as error:
                assert error.response["Error"]["Code"] in DENIED, f"{action}: {error}"
                refused.add(action)
                step(self._root)
        return refused

    def undo(self) -> None:
        """Leave only what was there before."""
        self._root.s3.delete_object(Bucket=SITE, Key="index.html")
        self._root.s3.delete_bucket(Bucket=SITE)
        self._root.sns.delete_topic(TopicArn=TOPIC_ARN)
        self._root.cloudwatch.delete_alarms(AlarmNames=[ALARM])
        self._change_records("DELETE", self._root)

    def _create_check(self, who: Account) -> None:
        created = who.route53.create_health_check(
            CallerReference=str(uuid.uuid4()),
            HealthCheckConfig={"Type": "TCP", "IPAddress": "127.0.0.1", "Port": 9},
        )
        self._check = created["HealthCheck"]["Id"]

    def _change_records(self, action: str, who: Account) -> None:
        records = {"Name": SITE, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.10"}]}
        changed = who.route53.change_resource_record_sets(
            HostedZoneId=self._zone,
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": records}]},
        )
        self._change = changed["ChangeInfo"]["Id"]

    def _start(self, who: Account) -> None:
        stopped = self._root.ec2.get_waiter("instance_stopped")
        stopped.wait(InstanceIds=[INSTANCE], WaiterConfig={"Delay": 0.05, "MaxAttempts": 200})
        who.ec2.start_instances(InstanceIds=[INSTANCE])

    def _put_alarm(self, who: Account) -> None:
        who.cloudwatch.put_metric_alarm(
            AlarmName=ALARM,
            Namespace="AWS/Route53",
            MetricName="HealthCheckStatus",
            Dimensions=[{"Name": "HealthCheckId", "Value": self._check}],
            Statistic="Minimum",
            Period=60,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            EvaluationPeriods=1,
            AlarmActions=[TOPIC_ARN],
        )


def test_each_statement_of_the_least_policy_is_needed_by_exactly_its_step(
    user: Account, root: Account, zone_id: str
) -> None:
    """7.1, 7.2, IA-2. Several statements are removed at once; any two are apart in one of the two ways of grouping,
    so that none can stand in for another unseen."""
    statements = permissions.least(zone_id=zone_id, site=SITE, alarm=ALARM, topic=TOPIC, instance=INSTANCE)
    guide = Guide(root, zone_id)
    assert guide.steps().keys() == statements.keys()
    actions = list(statements)
    rows = [set(actions[start : start + 5]) for start in range(0, len(actions), 5)]
    columns = [set(actions[start::5]) for start in range(5)]
    for removed in (set(), *rows, *columns):
        kept = [statement for action, statement in statements.items() if action not in removed]
        with allowed(root, permissions.document(kept)):
            assert guide.follow(user) == removed
        guide.undo()


def test_the_guides_own_policy_lacks_what_its_steps_need(user: Account, root: Account, zone_id: str) -> None:
    """8.h."""
    guide = Guide(root, zone_id)
    with allowed(root, permissions.document(permissions.GUIDES_OWN)):
        assert guide.follow(user) == permissions.GAPS
