"""What a name in a hosted zone resolves to."""

from stillup.rules.lookup.catalogue import serving_zones, zone_for
from stillup.rules.lookup.resolve import resolve
from stillup.rules.lookup.stand_in import stand_in_for
from stillup.rules.lookup.tree import ZoneTree, changed_facts

__all__ = ["ZoneTree", "changed_facts", "resolve", "serving_zones", "stand_in_for", "zone_for"]
