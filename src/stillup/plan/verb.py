"""The verbs that call AWS, for whose sake a policy is made."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """As they are typed."""

    PLAN = "plan"
    APPLY = "apply"
    DESTROY = "destroy"
    DRILL = "drill"
    STATUS = "status"
    WATCH = "watch"
    WHY = "why"
    IMPORT = "import"
    LINT = "lint"
    """With `--live`; without it nothing is called."""
