"""Measurements: each prints ratios against a named peer of the same run; none of them is a test.

Machines differ and drift; a ratio inside one run is what can be compared.
"""
