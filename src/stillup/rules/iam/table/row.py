"""The rows of the table: which actions on which resources an operation needs, as functions of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from stillup.rules.iam.identity import Principal
from stillup.rules.iam.patterns import Context
from stillup.rules.world import World

Parameters: TypeAlias = Mapping[str, object]

EVERYTHING: Final = "*"
"""The resource of actions that have none of their own."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row may look at."""

    parameters: Parameters
    """Of the call, by the names of the service's model."""
    world: World
    caller: Principal
    account_id: str
    region: str
    headers: Mapping[str, str] = field(default_factory=dict)
    instance_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By instance id."""

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the call's Region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


Resources: TypeAlias = Callable[[Facts], Sequence[str]]
Keys: TypeAlias = Callable[[Facts, str], Context]
"""The service's own condition keys for one of the resources."""


def everything(facts: Facts) -> Sequence[str]:
    """For an action that is about no resource."""
    return (EVERYTHING,)


def no_keys(facts: Facts, resource: str) -> Context:
    """For an action without condition keys of its own."""
    return {}


def always(facts: Facts) -> bool:
    """For an action that every call of the operation needs."""
    return True


def never(facts: Facts) -> bool:
    """For an operation that always needs credentials."""
    return False


@dataclass(frozen=True, slots=True)
class Need:
    """One action that the operation needs, on each of the resources."""

    action: str
    resources: Resources = everything
    keys: Keys = no_keys
    when: Callable[[Facts], bool] = always


@dataclass(frozen=True, slots=True)
class Row:
    """All that an operation needs. No needs: whoever has credentials may."""

    needs: tuple[Need, ...] = ()
    without_credentials: Callable[[Facts], bool] = never
    """Whether this call needs neither credentials nor permission."""
    each_alone: bool = False
    """Whether what may not be done to one resource is the answer's to tell, and the others are done."""


@dataclass(frozen=True, slots=True)
class Check:
    """One action on one resource, to be allowed."""

    action: str
    resource: str
    keys: Context


def checks(row: Row, facts: Facts) -> Iterator[Check]:
    """What is to be allowed, in order. A call that names no resource is checked against all of them."""
    for need in row.needs:
        if need.when(facts):
            for resource in need.resources(facts) or (EVERYTHING,):
                yield Check(need.action, resource, need.keys(facts, resource))


def single(action: str, resources: Resources = everything, keys: Keys = no_keys) -> Row:
    """The row of an operation that needs one action."""
    return Row((Need(action, resources, keys),))


def text(parameters: Parameters, name: str) -> str | None:
    """A member that is text, if it is there and not empty."""
    value = parameters.get(name)
    return value if isinstance(value, str) and value else None


def texts(parameters: Parameters, name: str) -> tuple[str, ...]:
    """The texts in a member that is a list."""
    value = parameters.get(name)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def structure(parameters: Parameters, name: str) -> Parameters:
    """A member that is a structure; an empty one if it is not there."""
    value = parameters.get(name)
    return value if isinstance(value, Mapping) else {}


def structures(parameters: Parameters, name: str) -> tuple[Parameters, ...]:
    """The structures in a member that is a list."""
    value = parameters.get(name)
    return (
        tuple(each for each in value if isinstance(each, Mapping)) if isinstance(value, list | tuple) else ()
    )


def tags(parameters: Parameters, name: str = "Tags") -> dict[str, str]:
    """A member that is a list of tags."""
    return {str(tag.get("Key", "")): str(tag.get("Value", "")) for tag in structures(parameters, name)}


def has(name: str) -> Callable[[Facts], bool]:
    """Whether the call has this member, and something in it."""
    return lambda facts: bool(facts.parameters.get(name))
