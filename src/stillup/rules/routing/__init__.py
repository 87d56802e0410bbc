"""Which record sets of a name and type answer, and why."""

from stillup.rules.routing.choose import Choice, choose
from stillup.rules.routing.health import GroupOf, Health, StatusOf, health_of

__all__ = ["Choice", "GroupOf", "Health", "StatusOf", "choose", "health_of"]
