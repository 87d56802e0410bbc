"""What an account holds, as a plan file would say it: the way back from `desired`."""

from stillup.plan.describe.failover import Description, NotDescribable, describe
from stillup.plan.describe.targets import website_bucket, website_region

__all__ = ["Description", "NotDescribable", "describe", "website_bucket", "website_region"]
