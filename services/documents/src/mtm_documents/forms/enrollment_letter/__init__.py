"""The letter that tells a member of being enrolled, and how to leave (42 CFR 423.153(d)(1)(v))."""
