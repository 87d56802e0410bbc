"""What is now: observations, metric, alarms, answers, pages. Read only; what cannot be had is said, not raised."""

from stillup.provision.standing.standing import Outlook, read_standing

__all__ = ["Outlook", "read_standing"]
