"""Empty on purpose: eligibility is the foot of the house and calls no other service (ARCHITECTURE.md)."""
