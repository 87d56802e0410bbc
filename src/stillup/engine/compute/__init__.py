"""The instances of the config file: local processes that a guide or a drill can stop and start."""

from stillup.engine.compute.supervisor import Supervisor

__all__ = ["Supervisor"]
