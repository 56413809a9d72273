"""Tables and repositories of reviews and review runs. Nothing here commits: the request or the worker does (law 7)."""
