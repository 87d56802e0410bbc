"""What the operator chose, as one value: flags over environment over config file over defaults."""

from stillup.engine.config.load import load
from stillup.engine.config.serve import Address, InstanceConfig, Problem, ServeConfig, SmtpServer

__all__ = ["Address", "InstanceConfig", "Problem", "ServeConfig", "SmtpServer", "load"]
