"""The letter that offers a comprehensive medication review (42 CFR 423.153(d)(1)(vii)(B))."""
