"""Which answers lead to the primary."""

from __future__ import annotations

from dataclasses import dataclass

from stillup.provision.lookup import Answer


@dataclass(frozen=True, slots=True)
class Sides:
    """What the primary's record answers, as addresses and names; everything else leads to the standby."""

    primary: frozenset[str]

    def is_primary(self, answer: Answer | None) -> bool | None:
        """Whether it leads to the primary.

        | answer                          | leads to           |
        |---------------------------------|--------------------|
        | none                            | None: nowhere      |
        | no addresses and no names       | None: nowhere      |
        | one of them is the primary's    | True: the primary  |
        | none of them is                 | False: the standby |
        """
        if answer is None or not answer.values:
            return None
        return not self.primary.isdisjoint(answer.values)
