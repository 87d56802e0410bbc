"""From what is asked for and what there is to ordered steps, or the reasons why not."""

from stillup.plan.difference.whole import difference

__all__ = ["difference"]
