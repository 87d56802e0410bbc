"""The guide, its commands to the letter; only the ids are filled in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillup.drill.demo.letterbox import Letter, letters

MB = "aws s3 mb s3://www.example.com --region us-east-1"
WEBSITE = r"""
aws s3 website s3://www.example.com \
--index-document index.html \
--error-document error.html
"""
UPLOAD = r"""
aws s3 cp ./maintenance/index.html s3://www.example.com/index.html \
--content-type "text/html"
"""
CREATE_HEALTH_CHECK = r"""
aws route53 create-health-check \
--caller-reference "ec2-primary-$(date +%s)" \
--health-check-config '{
"IPAddress": "203.0.113.10",
"Port": 80,
"Type": "HTTP",
"ResourcePath": "/health",
"FullyQualifiedDomainName": "www.example.com",
"RequestInterval": 30,
"FailureThreshold": 3
}'
"""
CHANGE_RECORDS = r"""
aws route53 change-resource-record-sets \
--hosted-zone-id YOUR_HOSTED_ZONE_ID \
--change-batch file://failover-records.json
"""
CREATE_TOPIC = "aws sns create-topic --name ec2-failover-alerts --region us-east-1"
SUBSCRIBE = r"""
aws sns subscribe \
--topic-arn arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts \
--protocol email \
--notification-endpoint oncall@example.com
"""
PUT_ALARM = r"""
aws cloudwatch put-metric-alarm \
--alarm-name "EC2-HealthCheck-Failed" \
--namespace "AWS/Route53" \
--metric-name "HealthCheckStatus" \
--dimensions Name=HealthCheckId,Value=YOUR_HEALTH_CHECK_ID \
--statistic Minimum \
--period 60 \
--threshold 1 \
--comparison-operator LessThanThreshold \
--evaluation-periods 1 \
--alarm-actions arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts \
--region us-east-1
"""
DIG = "dig www.example.com +short"
HEALTH_CHECK_STATUS = r"""
aws route53 get-health-check-status \
--health-check-id YOUR_HEALTH_CHECK_ID \
--query 'HealthCheckObservations[*].{Region:Region,Status:StatusReport.Status}' \
--output table
"""
STOP = "aws ec2 stop-instances --instance-ids i-0123456789abcdef0"
START = "aws ec2 start-instances --instance-ids i-0123456789abcdef0"

BUCKET_POLICY = """{
"Version": "2012-10-17",
"Statement": [
{
"Sid": "PublicReadGetObject",
"Effect": "Allow",
"Principal": "*",
"Action": "s3:GetObject",
"Resource": "arn:aws:s3:::www.example.com/*"
}
]
}"""
FAILOVER_RECORDS = """{
"Comment": "Failover records for www.example.com",
"Changes": [
{
"Action": "CREATE",
"ResourceRecordSet": {
"Name": "www.example.com",
"Type": "A",
"SetIdentifier": "Primary-EC2",
"Failover": "PRIMARY",
"TTL": 60,
"ResourceRecords": [
{ "Value": "203.0.113.10" }
],
"HealthCheckId": "YOUR_HEALTH_CHECK_ID"
}
},
{
"Action": "CREATE",
"ResourceRecordSet": {
"Name": "www.example.com",
"Type": "A",
"SetIdentifier": "Secondary-S3",
"Failover": "SECONDARY",
"AliasTarget": {
"HostedZoneId": "Z3AQBSTGFYJSTF",
"DNSName": "www.example.com.s3-website-us-east-1.amazonaws.com",
"EvaluateTargetHealth": false
}
}
}
]
}"""

# What the guide asks for in words, or forgets (8.g): the zone, and a bucket that may be public.
CREATE_ZONE = "aws route53 create-hosted-zone --name example.com --caller-reference guide"
ALLOW_PUBLIC_POLICY = r"""
aws s3api put-public-access-block --bucket www.example.com \
--public-access-block-configuration BlockPublicPolicy=false,RestrictPublicBuckets=false
"""
# The guide's alarm says when the primary has gone, not when it is back (8.i).
TELL_OF_RECOVERY = PUT_ALARM.rstrip() + " --ok-actions arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts"
PUT_POLICY = "aws s3api put-bucket-policy --bucket www.example.com --policy file://policy.json"

TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts"
INSTANCE = "i-0123456789abcdef0"
GLANCE = 0.1
"""Real seconds between two looks at what is waited for."""


@dataclass(frozen=True)
class Substitutions:
    """What stands in for the guide's addresses where the test may not have them."""

    replacements: Mapping[str, str]

    def apply(self, text: str) -> str:
        """The text with every replacement made."""
        for old, new in self.replacements.items():
            text = text.replace(old, new)
        return text


class Operator:
    """A person with a shell, the guide and the `aws` command."""

    def __init__(
        self,
        work: Path,
        endpoint_url: str,
        substitutions: Mapping[str, str],
        aws_folder: Path,
        prefix: Sequence[str] = (),
        credentials: tuple[str, str] = ("guide", "guide"),
    ) -> None:
        self.work = work
        self.substitutions = Substitutions(substitutions)
        self._prefix = prefix
        self._environment = {
            "PATH": f"{aws_folder}:{os.environ['PATH']}",
            "HOME": str(work),
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_ACCESS_KEY_ID": credentials[0],
            "AWS_SECRET_ACCESS_KEY": credentials[1],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }

    def run(self, command: str, ids: Mapping[str, str] | None = None) -> str:
        """Run a command of the guide; its standard output. The test fails if the command does."""
        text = Substitutions(ids or {}).apply(self.substitutions.apply(command)).strip()
        done = subprocess.run(
            [*self._prefix, "bash", "-ec", text],
            cwd=self.work,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def write(self, name: str, text: str, ids: Mapping[str, str] | None = None) -> None:
        """Save a file that a command reads."""
        path = self.work / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(Substitutions(ids or {}).apply(self.substitutions.apply(text)))


def config_with_primary(path: Path, address: str, port: int) -> Path:
    """A config file with the guide's instance, whose program answers at this address."""
    command = [sys.executable, "-m", "stillup.drill.stand_in", address, str(port)]
    path.write_text(
        f'[[instance]]\nid = "{INSTANCE}"\npublic-ip = "{address}"\ncommand = {json.dumps(command)}\n'
    )
    return path


def make_zone(operator: Operator) -> str:
    """What the guide takes for granted; the zone's id."""
    zone: str = json.loads(operator.run(CREATE_ZONE))["HostedZone"]["Id"]
    return zone.removeprefix("/hostedzone/")


MAKE_USER = """
import boto3
iam = boto3.client("iam")
iam.create_user(UserName="operator")
with open("least.json") as least:
    made = iam.create_policy(PolicyName="least", PolicyDocument=least.read())
iam.attach_user_policy(UserName="operator", PolicyArn=made["Policy"]["Arn"])
key = iam.create_access_key(UserName="operator")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
"""


def make_least_user(root: Operator, statements: str) -> tuple[str, str]:
    """A user who may do what this policy says, and his key. The guide has no commands for it."""
    root.write("least.json", statements)
    root.write("make_user.py", MAKE_USER)
    key_id, secret = root.run(f"{sys.executable} make_user.py").split()
    return key_id, secret


def follow_steps_1_to_3(operator: Operator, zone: str) -> dict[str, str]:
    """Everything up to the records; the ids that the guide leaves to its reader."""
    operator.write("maintenance/index.html", "<h1>backup</h1>\n")
    operator.write("policy.json", BUCKET_POLICY)
    operator.run(MB)
    operator.run(ALLOW_PUBLIC_POLICY)
    operator.run(PUT_POLICY)
    operator.run(WEBSITE)
    operator.run(UPLOAD)
    check = json.loads(operator.run(CREATE_HEALTH_CHECK))["HealthCheck"]["Id"]
    ids = {"YOUR_HOSTED_ZONE_ID": zone, "YOUR_HEALTH_CHECK_ID": check}
    operator.write("failover-records.json", FAILOVER_RECORDS, ids)
    change = json.loads(operator.run(CHANGE_RECORDS, ids))["ChangeInfo"]
    operator.run(f"aws route53 wait resource-record-sets-changed --id {change['Id']}")
    return ids


def follow_step_4(operator: Operator, ids: Mapping[str, str], confirm: Callable[[], None]) -> None:
    """The topic, the address, which its owner confirms, and the alarm, with the word of recovery that the guide
    forgets (8.i)."""
    assert json.loads(operator.run(CREATE_TOPIC))["TopicArn"] == TOPIC_ARN
    assert json.loads(operator.run(SUBSCRIBE))["SubscriptionArn"] == "pending confirmation"
    confirm()
    operator.run(PUT_ALARM, ids)
    operator.run(TELL_OF_RECOVERY, ids)


def await_letter(mail: Path, subject: str, within: float) -> Letter:
    """The newest mail in the folder whose subject contains this; waits for it for so many real seconds."""
    deadline = time.monotonic() + within
    while not (found := [letter for letter in letters(mail) if subject in letter.subject]):
        assert time.monotonic() < deadline, [letter.subject for letter in letters(mail)]
        threading.Event().wait(GLANCE)
    return found[-1]


def await_answer(dig: Callable[[], str], wanted: str, now: Callable[[], float], within: float) -> float:
    """Ask again and again until the answer is the wanted one; the moment when it was."""
    deadline = now() + within
    while (answer := dig().strip()) != wanted:
        assert now() < deadline, f"still {answer!r} instead of {wanted!r} after {within:.0f} s"
        threading.Event().wait(GLANCE)
    return now()
