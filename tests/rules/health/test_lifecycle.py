"""Creating, updating, tagging and deleting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.changes import Change, HealthCheckDeleted, HealthCheckPut
from stillup.rules.health import lifecycle
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.health.settings import Resettable, Settings
from stillup.rules.ids import HealthCheckId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold

HTTP = Settings(ip_address="203.0.113.10", port=80, resource_path="/health")
A = HealthCheckId("a")


def create(
    world: World, reference: str = "ref", kind: str = "HTTP", settings: Settings = HTTP, check_id: str = "a"
) -> HealthCheckPut | HealthCheck | Refusal:
    return lifecycle.create(
        world,
        check_id=HealthCheckId(check_id),
        caller_reference=reference,
        kind=kind,
        settings=settings,
        policy=ProbePolicy(),
    )


def update(
    world: World, given: Settings, *, version: int | None = None, reset: frozenset[Resettable] = frozenset()
) -> HealthCheckPut | Refusal:
    return lifecycle.update(world, A, given, version=version, reset=reset, policy=ProbePolicy())


def after(world: World, outcome: Change | HealthCheck | Refusal) -> World:
    assert isinstance(outcome, HealthCheckPut | HealthCheckDeleted)
    return fold(world, outcome)


WITH_A = after(World(), create(World()))


def code(outcome: object) -> str | None:
    return outcome.code if isinstance(outcome, Refusal) else None


@pytest.mark.parametrize(
    ("reference", "settings", "expected"),
    [
        ("ref", HTTP, "existing"),
        ("ref", replace(HTTP, port=81), "HealthCheckAlreadyExists"),
        ("gone", HTTP, "HealthCheckAlreadyExists"),
        ("gone", replace(HTTP, port=81), "HealthCheckAlreadyExists"),
        ("new", HTTP, "new"),
    ],
)
def test_a_caller_reference_makes_one_check_and_is_never_free_again(
    reference: str, settings: Settings, expected: str
) -> None:
    """HC-43."""
    world = replace(WITH_A, retired_references=frozenset({"gone"}))
    outcome = create(world, reference, settings=settings, check_id="b")
    match expected:
        case "existing":
            assert outcome == world.health_checks[A]
        case "new":
            assert isinstance(outcome, HealthCheckPut)
            assert outcome.check.id == "b"
        case _:
            assert code(outcome) == expected


def test_the_reference_of_a_deleted_check_stays_taken() -> None:
    world = after(WITH_A, lifecycle.delete(WITH_A, A))
    assert code(create(world)) == "HealthCheckAlreadyExists"


@pytest.mark.parametrize(("reference", "kind"), [("", "HTTP"), ("r" * 65, "HTTP"), ("r", "PING")])
def test_a_request_that_makes_no_sense_is_refused(reference: str, kind: str) -> None:
    assert code(create(World(), reference, kind)) == "InvalidInput"


def test_there_are_at_most_two_hundred_checks() -> None:
    """HC-46."""
    checks = {
        HealthCheckId(f"{number}"): HealthCheck(
            HealthCheckId(f"{number}"), f"{number}", HealthCheckConfig(HealthCheckType.HTTP)
        )
        for number in range(200)
    }
    assert code(create(World(health_checks=checks))) == "TooManyHealthChecks"


def test_an_update_changes_what_it_names_and_keeps_the_rest() -> None:
    """HC-20."""
    outcome = update(WITH_A, Settings(failure_threshold=1, inverted=True))
    assert isinstance(outcome, HealthCheckPut)
    before = WITH_A.health_checks[A]
    assert outcome.check.config == replace(before.config, failure_threshold=1, inverted=True)
    assert (before.version, outcome.check.version) == (1, 2)


@pytest.mark.parametrize(
    ("stored", "sent", "refused"),
    [(3, 2, "HealthCheckVersionMismatch"), (3, 3, None), (3, 4, None), (3, None, None)],
)
def test_an_update_from_an_older_version_is_refused(
    stored: int, sent: int | None, refused: str | None
) -> None:
    """HC-21."""
    world = after(World(), HealthCheckPut(replace(WITH_A.health_checks[A], version=stored)))
    assert code(update(world, Settings(inverted=True), version=sent)) == refused


@pytest.mark.parametrize(
    ("element", "setting", "empty"),
    [
        (Resettable.RESOURCE_PATH, "resource_path", None),
        (Resettable.FULLY_QUALIFIED_DOMAIN_NAME, "fqdn", None),
        (Resettable.REGIONS, "regions", ()),
    ],
)
def test_reset_elements_are_cleared(element: Resettable, setting: str, empty: object) -> None:
    """HC-20."""
    rich = replace(HTTP, fqdn="www.example.com", regions=("us-east-1", "us-west-1", "eu-west-1"))
    world = after(World(), create(World(), settings=rich))
    outcome = update(world, Settings(), reset=frozenset({element}))
    assert isinstance(outcome, HealthCheckPut)
    assert getattr(outcome.check.config, setting) == empty


def test_children_can_be_reset() -> None:
    world = after(
        WITH_A,
        create(WITH_A, "c", "CALCULATED", Settings(health_threshold=1, child_health_checks=(A,)), "c"),
    )
    outcome = lifecycle.update(
        world,
        HealthCheckId("c"),
        Settings(),
        version=None,
        reset=frozenset({Resettable.CHILD_HEALTH_CHECKS}),
        policy=ProbePolicy(),
    )
    assert isinstance(outcome, HealthCheckPut)
    assert outcome.check.config.child_health_checks == ()


def test_the_only_way_to_the_endpoint_cannot_be_reset() -> None:
    world = after(World(), create(World(), settings=Settings(fqdn="www.example.com")))
    reset = frozenset({Resettable.FULLY_QUALIFIED_DOMAIN_NAME})
    assert code(update(world, Settings(), reset=reset)) == "InvalidInput"


def test_an_address_can_be_changed_but_not_added() -> None:
    """Table 1.5."""
    assert isinstance(update(WITH_A, Settings(ip_address="203.0.113.11")), HealthCheckPut)
    by_name = after(World(), create(World(), settings=Settings(fqdn="www.example.com")))
    assert code(update(by_name, Settings(ip_address="203.0.113.11"))) == "InvalidInput"


def test_an_update_is_validated_by_the_type_of_the_check() -> None:
    """HC-2, HC-4."""
    assert code(update(WITH_A, Settings(search_string="ok"))) == "InvalidInput"


def test_an_update_of_a_parent_whose_child_was_deleted_is_possible() -> None:
    parent = create(WITH_A, "c", "CALCULATED", Settings(health_threshold=1, child_health_checks=(A,)), "c")
    world = after(WITH_A, parent)
    world = after(world, lifecycle.delete(world, A))
    outcome = lifecycle.update(
        world,
        HealthCheckId("c"),
        Settings(inverted=True),
        version=None,
        reset=frozenset(),
        policy=ProbePolicy(),
    )
    assert isinstance(outcome, HealthCheckPut)


def test_unknown_checks_are_refused() -> None:
    assert code(update(World(), Settings())) == "NoSuchHealthCheck"
    assert code(lifecycle.delete(World(), A)) == "NoSuchHealthCheck"
    assert code(lifecycle.set_tags(World(), A, add=[("k", "v")], remove=[])) == "NoSuchHealthCheck"


def tagged(world: World, add: list[tuple[str, str]], remove: list[str] | None = None) -> HealthCheckPut:
    outcome = lifecycle.set_tags(world, A, add=add, remove=remove or [])
    assert isinstance(outcome, HealthCheckPut)
    return outcome


def test_tags_are_removed_and_added_without_a_new_version() -> None:
    world = after(WITH_A, tagged(WITH_A, [("Name", "web"), ("team", "a")]))
    outcome = tagged(world, [("Name", "api")], ["team", "unknown"])
    assert outcome.check.tags == {"Name": "api"}
    assert outcome.check.version == 1


@pytest.mark.parametrize(
    ("tags", "add", "remove", "generation"),
    [
        ({}, [("stillup:latch", "true")], [], 1),
        ({"stillup:latch": "true"}, [("stillup:latch", "true")], [], 1),
        ({"stillup:latch": "true"}, [], ["stillup:latch"], 1),
        ({}, [("Name", "x")], ["stillup:latch"], 0),
        ({"stillup:latch": "true"}, [("Name", "x")], [], 0),
    ],
)
def test_setting_or_deleting_the_latch_starts_a_new_generation_of_it(
    tags: dict[str, str], add: list[tuple[str, str]], remove: list[str], generation: int
) -> None:
    world = after(World(), HealthCheckPut(replace(WITH_A.health_checks[A], tags=tags)))
    assert tagged(world, add, remove).check.latch_generation == generation


@pytest.mark.parametrize(
    "tag", [("stillup:interval", "0"), ("stillup:intervals", "1s"), ("stillup:latch", "perhaps")]
)
def test_a_bad_refinement_is_refused(tag: tuple[str, str]) -> None:
    assert code(lifecycle.set_tags(WITH_A, A, add=[("Name", "x"), tag], remove=[])) == "InvalidInput"
