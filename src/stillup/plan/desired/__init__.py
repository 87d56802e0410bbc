"""What a plan file asks for, in AWS's terms."""

from stillup.plan.desired.failover import desired

__all__ = ["desired"]
