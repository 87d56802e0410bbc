"""Changes to the DNS as Route 53 reports on them: submitted, PENDING, INSYNC (CH-6)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.ports import Die
from stillup.rules.ids import ChangeId
from stillup.rules.zones.zone import Submission
from stillup.wire.aws.messages import AwsError, Output

_ID_OCTETS: Final = 12


def new_id(prefix: str, die: Die) -> str:
    """An id as AWS writes them: a letter for the kind, then capitals and digits nobody can guess."""
    return prefix + base64.b32encode(die.octets(_ID_OCTETS)).decode().rstrip("=")


def new_submission(ports: ApiPorts, comment: str = "") -> Submission:
    """A submission of now."""
    return Submission(ChangeId(new_id("C", ports.die)), ports.clock.now(), comment)


def render_submission(submission: Submission, *, is_in_sync: bool = False) -> Mapping[str, Any]:
    """ChangeInfo; whoever has just submitted is told PENDING, as by AWS."""
    comment = {"Comment": submission.comment} if submission.comment else {}
    return {
        "Id": f"/change/{submission.id}",
        "Status": "INSYNC" if is_in_sync else "PENDING",
        "SubmittedAt": datetime.fromtimestamp(submission.submitted_at, UTC),
        **comment,
    }


async def get_change(ports: ApiPorts, call: Call) -> Output:
    """GetChange: INSYNC once every DNS server of the engine has applied the change."""
    change_id = ChangeId(call.parameters["Id"])
    submitted = ports.worlds.current.submissions.get(change_id)
    if submitted is None:
        raise AwsError("NoSuchChange", f"Could not find resource with ID: {change_id}")
    is_in_sync = ports.applied.applied_sequence() >= submitted.sequence
    return Output({"ChangeInfo": render_submission(submitted.submission, is_in_sync=is_in_sync)})


SUBMISSION_OPERATIONS: Final[Mapping[str, Operation]] = {"GetChange": get_change}
