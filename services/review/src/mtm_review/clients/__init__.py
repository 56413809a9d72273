"""Adapts the shared eligibility client to the port that the use cases read members through."""
