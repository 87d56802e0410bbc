"""Every IAM operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.iam.absent import ABSENT_OPERATIONS
from stillup.engine.api.iam.access_keys import ACCESS_KEY_OPERATIONS
from stillup.engine.api.iam.account import ACCOUNT_OPERATIONS
from stillup.engine.api.iam.managed_policies import MANAGED_POLICY_OPERATIONS
from stillup.engine.api.iam.policy_versions import POLICY_VERSION_OPERATIONS
from stillup.engine.api.iam.simulation import SIMULATION_OPERATIONS
from stillup.engine.api.iam.user_policies import USER_POLICY_OPERATIONS
from stillup.engine.api.iam.users import USER_OPERATIONS

IAM_OPERATIONS: Final[Mapping[str, Operation]] = {
    **USER_OPERATIONS,
    **ACCESS_KEY_OPERATIONS,
    **USER_POLICY_OPERATIONS,
    **MANAGED_POLICY_OPERATIONS,
    **POLICY_VERSION_OPERATIONS,
    **ABSENT_OPERATIONS,
    **ACCOUNT_OPERATIONS,
    **SIMULATION_OPERATIONS,
}
