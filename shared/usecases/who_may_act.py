"""Who may act on an exception: its owner group, the groups its policy names beside, and who it was handed to."""

from __future__ import annotations

from shared.domain.exception import BillingException
from shared.domain.policies import Policies
from shared.faults import BusinessException


def check_may_act(policies: Policies, trouble: BillingException, by: str) -> None:
    """A group that the policies give no members is open to everybody who may call the operation.

    Raises BusinessException("actor_not_owner"). Names are compared without case and outer blanks.
    """
    policy = next((each for each in policies.exceptions if each.type == trouble.type), None)
    groups = {trouble.owner, *(policy.also if policy else ())}
    members = [policies.members.get(group, ()) for group in groups]
    known = {_plain(name) for names in members for name in names}
    known |= {_plain(trouble.owner_person)} if trouble.owner_person else set()
    if all(members) and _plain(by) not in known:
        raise BusinessException("actor_not_owner", by=by, owners=", ".join(sorted(group.value for group in groups)))


def _plain(name: str) -> str:
    return name.strip().casefold()
