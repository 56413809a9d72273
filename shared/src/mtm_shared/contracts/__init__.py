"""The wire: Pydantic models of every request and answer, one module per owner.

Requests forbid unknown fields, so that a misspelt field is an error and not a lost fact; readers of answers
tolerate new ones, so that a service can grow without breaking its callers (ARCHITECTURE.md, law 10).
"""
