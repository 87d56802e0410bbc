"""Turns the check's meaning round: well is ill. The primary itself goes on as it was (HC-31)."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from botocore.exceptions import ClientError

from stillup.drill.breakers.breaker import Memory, Remember, RestoreFailed

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

MARK: Final = "stillup-drill"
"""The tag on a check that is being drilled, so that a drill killed on another machine is found too."""
_FORMER: Final = "was-inverted"


@dataclass(frozen=True, slots=True)
class Invert:
    """UpdateHealthCheck with `Inverted` turned round; works on AWS and on an engine."""

    method: ClassVar[str] = "invert"
    route53: Route53Client
    check_id: str
    was_inverted: bool

    @classmethod
    def of(cls, route53: Route53Client, check_id: str) -> Invert:
        """For the check as it is now."""
        config = route53.get_health_check(HealthCheckId=check_id)["HealthCheck"]["HealthCheckConfig"]
        return cls(route53, check_id, config.get("Inverted", False))

    @classmethod
    def from_memory(cls, route53: Route53Client, memory: Memory) -> Invert:
        """Raises KeyError."""
        return cls(route53, str(memory["check_id"]), bool(memory["was_inverted"]))

    @classmethod
    def from_mark(cls, route53: Route53Client, check_id: str, mark: str) -> Invert:
        """From the value of the tag on the check."""
        return cls(route53, check_id, f"{_FORMER}=true" in mark)

    @property
    def what_happens(self) -> str:
        """For whoever is asked."""
        return (
            f"health check {self.check_id} is inverted: it says the contrary until the drill is over.\n"
            "The primary itself is not touched."
        )

    def memory(self) -> Memory:
        """The check, and what it was."""
        return {"check_id": self.check_id, "was_inverted": self.was_inverted}

    def break_(self, remember: Remember) -> None:
        """Mark the check, then turn it round."""
        former = f"{_FORMER}={str(self.was_inverted).lower()} host={socket.gethostname()[:64]}"
        self.route53.change_tags_for_resource(
            ResourceType="healthcheck",
            ResourceId=self.check_id,
            AddTags=[{"Key": MARK, "Value": former}],
        )
        self._set(inverted=not self.was_inverted)

    def restore(self) -> None:
        """Turn it back, see that it is, then take the mark away. A check that is gone needs nothing."""
        try:
            self._set(inverted=self.was_inverted)
            found = self.route53.get_health_check(HealthCheckId=self.check_id)["HealthCheck"]
            if found["HealthCheckConfig"].get("Inverted", False) != self.was_inverted:
                raise RestoreFailed(f"health check {self.check_id} is still inverted")
            self.route53.change_tags_for_resource(
                ResourceType="healthcheck", ResourceId=self.check_id, RemoveTagKeys=[MARK]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchHealthCheck":
                raise

    def close(self) -> None:
        """Holds nothing."""

    def _set(self, *, inverted: bool) -> None:
        self.route53.update_health_check(HealthCheckId=self.check_id, Inverted=inverted)


def mark_of(route53: Route53Client, check_id: str) -> str | None:
    """The mark on the check, None where nobody drills it. Raises botocore's errors."""
    found = route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=check_id)
    tags = found["ResourceTagSet"].get("Tags", [])
    return next((tag.get("Value", "") for tag in tags if tag.get("Key") == MARK), None)
