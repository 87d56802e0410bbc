"""IAM's operations on the account as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.rules.iam.access_keys import MOST_ACCESS_KEYS
from stillup.rules.iam.policies import MOST_CHARACTERS, MOST_POLICIES, MOST_VERSIONS
from stillup.rules.iam.user_policies import MOST_ATTACHED, MOST_INLINE
from stillup.rules.iam.users import MOST_USERS
from stillup.wire.aws.messages import Output


async def get_account_summary(ports: ApiPorts, call: Call) -> Output:
    """GetAccountSummary: how many there are, and may be, of what this engine has."""
    world = ports.worlds.current
    return Output(
        {
            "SummaryMap": {
                "Users": len(world.users),
                "UsersQuota": MOST_USERS,
                "Policies": len(world.policies),
                "PoliciesQuota": MOST_POLICIES,
                "PolicySizeQuota": MOST_CHARACTERS,
                "VersionsPerPolicyQuota": MOST_VERSIONS,
                "AccessKeysPerUserQuota": MOST_ACCESS_KEYS,
                "AttachedPoliciesPerUserQuota": MOST_ATTACHED,
                "UserPolicySizeQuota": MOST_INLINE,
                "Groups": 0,
                "MFADevices": 0,
            }
        }
    )


ACCOUNT_OPERATIONS: Final[Mapping[str, Operation]] = {"GetAccountSummary": get_account_summary}
