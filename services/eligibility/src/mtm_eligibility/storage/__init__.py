"""Tables and repositories of the eligibility service. Nothing here commits: the request or the worker does (law 7)."""
