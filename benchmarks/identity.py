"""What it costs to know the caller: the same call to an open engine, by root, and by a user with ten policies' worth of statements.

`python -m benchmarks.identity`; half a minute. One connection, one call at a time, GetHostedZoneCount: whatever else a call
does is the least there is. The signature is made once and sent again, as it holds for a quarter of an hour.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
from pathlib import Path
from unittest import mock

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stillup.drill.engine_process import EngineProcess

CALLS = 3000
PATH = "/2013-04-01/hostedzonecount"
ROOT = ("AKIAROOTROOTROOTROOT", "the-roots-secret-of-forty-characters-long")
STATEMENTS = 40
"""In the user's one policy; the one that allows the call comes last."""


def microseconds_per_call(engine: EngineProcess, key: tuple[str, str]) -> float:
    """The median of all calls."""
    address = engine.listeners.api
    request = AWSRequest("GET", f"http://{address}{PATH}")
    SigV4Auth(Credentials(*key), "route53", "us-east-1").add_auth(request)
    headers = dict(request.headers.items())
    connection = http.client.HTTPConnection(address.host, address.port)
    took = []
    for _ in range(CALLS):
        before = time.perf_counter()
        connection.request("GET", PATH, headers=headers)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - before)
        assert answer.status == 200, answer.status
    connection.close()
    return sorted(took)[CALLS // 2] * 1e6


def make_user(engine: EngineProcess) -> tuple[str, str]:
    """A user whose policy has to be read to its end."""
    iam = boto3.client(
        "iam",
        endpoint_url=engine.listeners.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=ROOT[0],
        aws_secret_access_key=ROOT[1],
    )
    others = [
        {"Effect": "Allow", "Action": f"s3:Get*{number}", "Resource": f"arn:aws:s3:::bucket-{number}/*"}
        for number in range(STATEMENTS - 1)
    ]
    ours = {"Effect": "Allow", "Action": "route53:GetHostedZoneCount", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [*others, ours]})
    iam.create_user(UserName="caller")
    policy = iam.create_policy(PolicyName="many", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="caller", PolicyArn=policy)
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def main() -> None:
    """Print the three medians."""
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        work = Path(name)
        with EngineProcess([*listeners, "--data", str(work / "open")], log=work / "log") as engine:
            print(f"{'anybody, open engine':>32}  {microseconds_per_call(engine, ROOT):6.0f} µs/call")
        given = {"STILLUP_ROOT_ACCESS_KEY_ID": ROOT[0], "STILLUP_ROOT_SECRET_ACCESS_KEY": ROOT[1]}
        with (
            mock.patch.dict(os.environ, given),
            EngineProcess([*listeners, "--data", str(work / "closed")], log=work / "log") as engine,
        ):
            print(f"{'root, signature verified':>32}  {microseconds_per_call(engine, ROOT):6.0f} µs/call")
            user = make_user(engine)
            told = f"a user with {STATEMENTS} statements"
            print(f"{told:>32}  {microseconds_per_call(engine, user):6.0f} µs/call")


if __name__ == "__main__":
    main()
