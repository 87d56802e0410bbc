"""EC2, as much of it as a failover needs: to see, stop and start the instances of the config file."""

from stillup.engine.api.ec2.operations import EC2_OPERATIONS

__all__ = ["EC2_OPERATIONS"]
