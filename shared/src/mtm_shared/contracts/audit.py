"""Who did and saw what, when: the audit trail as auditors read it."""

from datetime import datetime
from typing import Any, Literal

from mtm_shared.contracts.common import Answer

AuditOutcome = Literal["done", "refused", "failed"]


class AuditEntry(Answer):
    """One request or one step of a worker. `sealed` says whether the hash chain covers it yet.

    `action` is the operation's id in the OpenAPI document; `things` the ids in its path; `member_ids` the members
    whose data was in the answer.
    """

    number: int
    at: datetime
    actor: str
    action: str
    outcome: AuditOutcome
    status: int
    things: dict[str, Any]
    member_ids: list[str]
    request_id: str
    sealed: bool
    hash: str | None = None
