"""EC2: instances have ARNs, whoever describes sees all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.iam.context import tag_keys
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import Facts, Row, single, texts


def _instances(facts: Facts) -> Sequence[str]:
    return [facts.arn("ec2", f"instance/{each}") for each in texts(facts.parameters, "InstanceIds")]


def _keys(facts: Facts, resource: str) -> Context:
    found = facts.instance_tags.get(resource.rpartition("/")[2], {})
    return {**tag_keys(found, "aws:resourcetag", "ec2:resourcetag"), "ec2:region": (facts.region,)}


EC2: Final[Mapping[str, Row]] = {
    **{
        operation: single(f"ec2:{operation}")
        for operation in ("DescribeAddresses", "DescribeInstanceStatus", "DescribeInstances")
    },
    **{
        operation: single(f"ec2:{operation}", _instances, _keys)
        for operation in ("StartInstances", "StopInstances")
    },
}
