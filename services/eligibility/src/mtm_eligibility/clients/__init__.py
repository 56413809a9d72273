"""Empty on purpose: the eligibility service calls no other service (ARCHITECTURE.md, one way)."""
