"""The least policy of a plan at work: with it every verb does its job, without any statement of it one does not."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from stillup.drill.breakers.invert import Invert, mark_of
from stillup.plan.calls import BREAK, HEAR, LISTEN, OBSERVE, SEEK, STAND, Scope, operations_of
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import PlanFile
from stillup.plan.make import Wish
from stillup.plan.policy import least_policy
from stillup.plan.verb import Verb
from stillup.provision.account import Account
from stillup.provision.carry_out import carry_out
from stillup.provision.errors import ProvisionFailed
from stillup.provision.planning import draw_up
from stillup.provision.read import read_setup
from stillup.provision.standing import Outlook, read_standing
from tests.drills.forked import ForkedEngine, forked_engine

pytestmark = pytest.mark.slow

ROOT = ("AKIAROOTROOTROOTROOT", "the-roots-secret-of-forty-characters-long")
SITE, ACCOUNT_ID = "www.example.com", "123456789012"
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}
NOT_HERE = {"sns:Unsubscribe"}
"""Ends a subscription that was confirmed and is not planned any more: no mail is read here."""


@dataclass(frozen=True)
class Keyed(Account):
    """An account by its access key."""

    key: tuple[str, str] = ROOT

    @cached_property
    def session(self) -> boto3.Session:
        return boto3.Session(*self.key, region_name=self.region)


class User:
    """Does what the verbs do, as somebody with one policy; remembers what was called."""

    def __init__(self, endpoint_url: str, key: tuple[str, str], folder: Path) -> None:
        self.account = Keyed(endpoint_url=endpoint_url, key=key)
        self.called: set[str] = set()
        self._folder = folder
        self.account.session.events.register("before-call", self._remember)

    def apply(self, plan: PlanFile, *, adopt: bool = False) -> int:
        """How many steps it took."""
        return self._carry(plan, Wish(adopt=adopt, force=True))

    def destroy(self, plan: PlanFile) -> int:
        return self._carry(plan, Wish(destroy=True, force=True))

    def look(self) -> None:
        """What `status`, `watch` and `why` do. Raises AssertionError for anything that could not be seen."""
        setup = read_setup(self.account, SITE, zone="example.com")
        seen = read_standing(self.account, setup, Outlook(visit="http://www.example.com:9/"), now=1.8e9)
        assert seen.unknown == ()

    def drill(self) -> None:
        """What a drill does by inversion, and what it watches by the API."""
        setup = read_setup(self.account, SITE, zone="example.com")
        (check_id,), (alarm,) = setup.checks, setup.alarms
        route53, cloudwatch = self.account.route53, self.account.cloudwatch("us-east-1")
        breaker = Invert.of(route53, check_id)
        breaker.break_(lambda *_: None)
        assert mark_of(route53, check_id) is not None
        route53.get_health_check_status(HealthCheckId=check_id)
        cloudwatch.describe_alarms(AlarmNames=[alarm.name], AlarmTypes=["MetricAlarm"])
        cloudwatch.describe_alarm_history(AlarmName=alarm.name)
        breaker.restore()
        sns = self.account.sns("us-east-1")
        arn = sns.subscribe(
            TopicArn=alarm.alarm_actions[0],
            Protocol="http",
            Endpoint="http://127.0.0.1:9/",
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        sns.get_subscription_attributes(SubscriptionArn=arn)
        sns.unsubscribe(SubscriptionArn=arn)

    def _carry(self, plan: PlanFile, wish: Wish) -> int:
        drawn = draw_up(self.account, plan.failovers, plan.where, base=self._folder, wish=wish)
        assert not drawn.plan.refusals
        list(carry_out(drawn.plan, drawn.grounds, self.account))
        return len(drawn.plan.steps)

    def _remember(self, model: Any, **_: object) -> None:
        self.called.add(f"{model.service_model.service_name}:{model.name}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plan-policy")
    (made / "site").mkdir()
    (made / "site" / "index.html").write_text("<!doctype html><title>back soon</title>")
    return made


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[ForkedEngine]:
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STILLUP_ROOT_ACCESS_KEY_ID", ROOT[0])
        patch.setenv("STILLUP_ROOT_SECRET_ACCESS_KEY", ROOT[1])
        with forked_engine(["--data", str(folder / "data"), *listeners], log=folder / "engine.log") as forked:
            yield forked


@pytest.fixture(scope="module")
def root(engine: ForkedEngine, folder: Path) -> User:
    made = User(engine.listeners.endpoint_url, ROOT, folder)
    made.account.route53.create_hosted_zone(Name="example.com", CallerReference="prerequisite")
    return made


@pytest.fixture
def user(engine: ForkedEngine, root: User, folder: Path) -> Iterator[User]:
    """A user without any right."""
    iam = root.account.session.client("iam", endpoint_url=engine.listeners.endpoint_url)
    iam.create_user(UserName="operator")
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    yield User(engine.listeners.endpoint_url, (key["AccessKeyId"], key["SecretAccessKey"]), folder)
    iam.delete_access_key(UserName="operator", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="operator")


@pytest.fixture
def allow(engine: ForkedEngine, root: User) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Let the user do this, and nothing else any more."""
    iam = root.account.session.client("iam", endpoint_url=engine.listeners.endpoint_url)
    arn = f"arn:aws:iam::{ACCOUNT_ID}:policy/least"

    def take_back() -> None:
        with contextlib.suppress(ClientError):
            iam.detach_user_policy(UserName="operator", PolicyArn=arn)
            iam.delete_policy(PolicyArn=arn)

    def allow_only(statements: Sequence[Any]) -> None:
        take_back()
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.create_policy(PolicyName="least", PolicyDocument=document)
        iam.attach_user_policy(UserName="operator", PolicyArn=arn)

    yield allow_only
    take_back()


def plan_of(*, path: str = "/health", interval: int = 30) -> PlanFile:
    return PlanFile.model_validate(
        {
            "version": 1,
            "failovers": [
                {
                    "name": SITE,
                    "zone": "example.com",
                    "primary": {
                        "address": "127.0.0.1",
                        "check": {"path": path, "port": 9, "interval": interval},
                    },
                    "standby": {"folder": "site"},
                    "alert": {"emails": ["oncall@example.com"]},
                }
            ],
        }
    )


def least(root: User, *verbs: Verb) -> list[dict[str, Any]]:
    plan = plan_of()
    setup = desired(plan.failovers[0], plan.where)
    zones = root.account.route53.list_hosted_zones()["HostedZones"]
    zone = replace(setup.zone, id=zones[0]["Id"].removeprefix("/hostedzone/"))
    document = least_policy(verbs, [Scope(replace(setup, zone=zone), listens=True)], account_id=ACCOUNT_ID)
    return list(document["Statement"])


def test_with_just_its_policy_every_verb_works_and_without_any_statement_one_does_not(
    user: User, root: User, allow: Callable[[Sequence[Any]], None]
) -> None:
    """7.1, IA-2."""
    plan = plan_of()
    statements = least(root, Verb.APPLY, Verb.DRILL, Verb.STATUS, Verb.DESTROY)

    def follow() -> None:
        assert user.apply(plan) > 0
        assert user.apply(plan) == 0
        user.look()
        user.drill()
        assert user.destroy(plan) > 0

    allow(statements)
    follow()
    for without in statements:
        allow([each for each in statements if each is not without])
        with pytest.raises((ProvisionFailed, ClientError, AssertionError)):
            follow()
        root.destroy(plan)


def test_what_the_verbs_call_is_what_the_table_says(user: User, root: User, allow: Any) -> None:
    """With a drift of each kind, so that everything is made, changed, made anew and taken away."""
    every = (Verb.APPLY, Verb.DRILL, Verb.STATUS, Verb.DESTROY)
    allow(least(root, *every))
    user.apply(plan_of())
    drift(root)
    user.apply(plan_of(path="/other", interval=10), adopt=True)
    user.apply(plan_of(path="/health", interval=10))
    assert user.called - NEEDS_NO_PERMISSION == operations_of(Verb.APPLY) - NOT_HERE
    seen = take(user)

    user.look()
    stood = {each for group in STAND.values() for each in group}
    assert user.called - NEEDS_NO_PERMISSION - stood <= operations_of(Verb.PLAN)
    assert stood <= user.called
    take(user)

    user.drill()
    tables = (OBSERVE, SEEK, HEAR, LISTEN)
    watched = {each for table in tables for group in table.values() for each in group} | set(BREAK["invert"])
    assert watched <= user.called <= operations_of(Verb.DRILL, listens=True) | NEEDS_NO_PERMISSION
    take(user)

    user.destroy(plan_of())
    assert user.called - NEEDS_NO_PERMISSION <= operations_of(Verb.DESTROY)
    assert operations_of(Verb.DESTROY) <= user.called | seen
    assert {each for each in user.called if ":Delete" in each} == {
        each for each in operations_of(Verb.DESTROY) if ":Delete" in each
    }


def test_who_leaves_a_topic_that_another_uses_hands_it_on(user: User, root: User, allow: Any) -> None:
    plan = PlanFile.model_validate(
        {
            "version": 1,
            "failovers": [
                {
                    "name": f"{name}.example.com",
                    "zone": "example.com",
                    "primary": {"address": "127.0.0.1", "check": {"port": 9}},
                    "standby": {"address": "127.0.0.2"},
                    "alert": {"emails": ["oncall@example.com"], "topic": "ops"},
                }
                for name in ("one", "two")
            ],
        }
    )
    root.apply(plan)
    leaving = plan.failovers[0]
    document = least_policy(
        [Verb.DESTROY], [Scope(desired(leaving, plan.where), shares=True)], account_id=ACCOUNT_ID
    )
    allow(document["Statement"])
    drawn = draw_up(
        user.account,
        [leaving],
        plan.where,
        base=Path(),
        wish=Wish(destroy=True, force=True),
        beside=plan.failovers,
    )
    list(carry_out(drawn.plan, drawn.grounds, user.account))
    assert "sns:TagResource" in user.called
    root.destroy(plan)


def take(user: User) -> set[str]:
    """What was called so far; begin anew."""
    called = set(user.called)
    user.called.clear()
    return called


def drift(root: User) -> None:
    """What somebody does by hand."""
    account = root.account
    account.s3().put_object(Bucket=SITE, Key="stale.html", Body=b"old")
    (alarm,) = account.cloudwatch("us-east-1").describe_alarms()["MetricAlarms"]
    account.cloudwatch("us-east-1").untag_resource(
        ResourceARN=alarm["AlarmArn"], TagKeys=["stillup-failover"]
    )
    account.s3().delete_bucket_tagging(Bucket=SITE)
    account.s3().delete_bucket_website(Bucket=SITE)
    topic = f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:stillup-www-example-com"
    account.sns("us-east-1").untag_resource(ResourceArn=topic, TagKeys=["stillup-failover"])
