"""What an account holds of one failover, read with calls that change nothing."""

from stillup.provision.read.setup import read_setup

__all__ = ["read_setup"]
