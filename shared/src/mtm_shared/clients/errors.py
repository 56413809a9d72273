"""The ways in which a call to another service can fail, and nothing else.

Adapters in the services turn them into their own terms; where they do not, the web layer answers `Unavailable` as 503
with `Retry-After`.
"""

from mtm_shared.contracts.problem import Problem


class ServiceError(Exception):
    """A call to another service did not give an answer."""


class NotFound(ServiceError):
    """The other service does not know the thing (404)."""

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(problem.code if problem else "not_found")
        self.problem = problem


class Refused(ServiceError):
    """The other service understood and said no (any other 4xx); asking again will not help."""

    def __init__(self, status: int, problem: Problem | None = None) -> None:
        super().__init__(f"{status} {problem.code if problem else ''}".strip())
        self.status = status
        self.problem = problem


class NotAllowed(Refused):
    """The other service does not let this service in (401, 403): its credentials are at fault, not what it asks."""


class Unavailable(ServiceError):
    """The other service cannot be reached or is failing; `retry_after` is in seconds."""

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__("unavailable")
        self.retry_after = retry_after
