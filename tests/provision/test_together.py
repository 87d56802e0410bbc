"""Several failovers in one plan file: what they share is one thing, made once, and gone with the last of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillup.plan.file.plan_file import Where
from stillup.plan.make import Wish
from stillup.plan.setup import OWNER_TAG
from stillup.provision.account import Account
from stillup.provision.carry_out import carry_out
from stillup.provision.planning import Drawn, draw_up
from tests.provision.everything import everything
from tests.provision.typed import Typed, told

ELSEWHERE = {"address": "203.0.113.20"}


class File:
    """A plan file of `www` and `api`, which tell the same topic, in a zone of their own."""

    def __init__(self, engine: Account, base: Path) -> None:
        www = Typed.new(engine, base)
        self.account = engine
        self.topic = f"ops-{www.zone[:6]}"
        api = replace(www, changes={"name": f"api.{www.zone}"})
        self.typed = {"www": www, "api": api}
        for name, each in self.typed.items():
            alert = {"topic": self.topic, "emails": ["oncall@example.com", f"{name}@example.com"]}
            each.changes.update({"standby": ELSEWHERE, "alert": alert})

    def change(self, which: str, **changes: Any) -> None:
        self.typed[which].changes.update(changes)

    def draw(self, *only: str, **wish: bool) -> Drawn:
        failovers = {name: each.failover for name, each in self.typed.items()}
        meant = [each for name, each in failovers.items() if not only or name in only]
        base = self.typed["www"].base
        return draw_up(self.account, meant, Where(), base=base, wish=Wish(**wish), beside=failovers.values())

    def apply(self, *only: str, **wish: bool) -> list[str]:
        drawn = self.draw(*only, **wish)
        assert not drawn.plan.refusals, drawn.plan.refusals
        list(carry_out(drawn.plan, drawn.grounds, self.account))
        return [each for each in told(drawn.plan.steps) if "topic" in each or "subscription" in each]

    def steps(self) -> list[str]:
        return told(self.draw().plan.steps)

    def owner(self) -> str | None:
        """The owner tag of the one topic of this name; None where there is no such topic."""
        sns = self.account.sns("us-east-1")
        (arn,) = [
            each["TopicArn"]
            for each in sns.list_topics()["Topics"]
            if each["TopicArn"].endswith(f":{self.topic}")
        ] or [None]
        if arn is None:
            return None
        tags = {each["Key"]: each["Value"] for each in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]}
        return tags[OWNER_TAG].partition(".")[0]


@pytest.fixture
def file(engine: Account, tmp_path: Path) -> File:
    return File(engine, tmp_path)


@pytest.mark.slow
def test_a_shared_topic_is_made_once_with_everybodys_people_and_goes_with_the_last(file: File) -> None:
    before = everything(file.typed["www"])
    assert file.apply() == [
        "create topic",
        "create subscription/email/oncall@example.com",
        "create subscription/email/www@example.com",
        "create subscription/email/api@example.com",
    ]
    assert file.steps() == []
    assert file.apply("www", destroy=True) == ["update topic"]
    assert file.owner() == "api"
    assert told(file.draw("api").plan.steps) == []
    assert file.apply("api", destroy=True) == ["delete topic"]
    assert everything(file.typed["www"]) == before


@pytest.mark.slow
def test_a_shared_topic_goes_when_all_go_at_once_and_the_file_is_applied_one_by_one(file: File) -> None:
    before = everything(file.typed["www"])
    assert "create topic" in file.apply("api")
    assert file.apply("www") == []
    assert (file.owner(), file.steps()) == ("api", [])
    assert file.apply(destroy=True) == ["delete topic"]
    assert everything(file.typed["www"]) == before


@pytest.mark.slow
def test_who_leaves_a_shared_topic_leaves_it_to_the_other(file: File) -> None:
    file.apply()
    file.change("www", alert={"emails": ["www@example.com"]})
    assert file.apply() == [
        "create topic",
        "update topic",
        "create subscription/email/www@example.com",
    ]
    assert (file.owner(), file.steps()) == ("api", [])
    file.apply(destroy=True)


@pytest.mark.slow
def test_what_another_failover_of_the_file_points_at_is_not_deleted_from_under_it(file: File) -> None:
    file.apply("www")
    check = next(iter(file.draw("www").grounds[file.typed["www"].name].actual.checks))
    file.change("api", primary={"address": "127.0.0.1", "check": {"existing": check}}, alert=None)
    file.apply("api")
    assert [each.id for each in file.draw("www", destroy=True).plan.refusals] == ["in-use"]
    file.apply(destroy=True)
    assert file.draw(destroy=True).plan.steps == ()
