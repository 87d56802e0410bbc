"""What the duties of the engine share: a few Protocols and frozen messages.

A duty takes what it needs as one of these; only assemble.py knows who stands behind it.
"""

from __future__ import annotations

from stillup.engine.ports.alarms import AlarmHistory, Metrics, MetricVerdicts
from stillup.engine.ports.compute import Instance, Instances, InstanceState
from stillup.engine.ports.deliveries import DeadLetter, DeadLetters, DeliveryReport, DeliveryReports
from stillup.engine.ports.dns import Applied, Resolver
from stillup.engine.ports.figures import Figure, Figures
from stillup.engine.ports.health import (
    CheckerReport,
    HealthFigures,
    HealthMeasures,
    HealthReports,
    RecordingArchive,
    SavedStatus,
    StatusArchive,
    StatusChange,
    Statuses,
)
from stillup.engine.ports.outbox import (
    Among,
    Attempted,
    Delivery,
    DeliveryResult,
    OutboxArchive,
    OutboxCounts,
)
from stillup.engine.ports.time_and_chance import Clock, Die
from stillup.engine.ports.world import Blobs, Committed, JournalUnavailable, Worlds

__all__ = [
    "AlarmHistory",
    "Among",
    "Applied",
    "Attempted",
    "Blobs",
    "CheckerReport",
    "Clock",
    "Committed",
    "DeadLetter",
    "DeadLetters",
    "Delivery",
    "DeliveryReport",
    "DeliveryReports",
    "DeliveryResult",
    "Die",
    "Figure",
    "Figures",
    "HealthFigures",
    "HealthMeasures",
    "HealthReports",
    "Instance",
    "InstanceState",
    "Instances",
    "JournalUnavailable",
    "MetricVerdicts",
    "Metrics",
    "OutboxArchive",
    "OutboxCounts",
    "RecordingArchive",
    "Resolver",
    "SavedStatus",
    "StatusArchive",
    "StatusChange",
    "Statuses",
    "Worlds",
]
