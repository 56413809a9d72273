"""A made-up Part D plan: members, coverage, claims and diagnoses, written in the formats that imports read.

Nobody in it exists. There is no clock, and all chance comes from `random.Random(seed)`: the same seed, the same bytes.
What is true of it is what a demonstration needs: conditions about as common as among Medicare members, regimens that a
prescriber would write, prices of the right size, refills that come late, and the mistakes that real claims hold.
"""
