"""The page on permissions has the table that is checked."""

import re
from pathlib import Path

from stillup.rules.iam.table.table import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"
SERVICES = {
    "CloudWatch": "cloudwatch",
    "EC2": "ec2",
    "IAM": "iam",
    "Route 53": "route53",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
    "STS": "sts",
}


def test_the_page_lists_every_action_that_is_not_called_as_its_operation() -> None:
    listed = {
        (SERVICES[service], operation): re.findall(r"`([^`]+)`", actions)
        for service, operation, actions in re.findall(
            r"^\| ([\w ]+) \| (\w+) \| (none|`\w+:.*`) \|$", PAGE.read_text(), re.MULTILINE
        )
    }
    different = {
        (service, operation): actions
        for service, rows in ROWS.items()
        for operation, row in rows.items()
        if (actions := list(dict.fromkeys(need.action for need in row.needs))) != [f"{service}:{operation}"]
    }
    assert listed == different
