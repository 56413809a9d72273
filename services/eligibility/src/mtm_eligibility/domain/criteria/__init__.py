"""The four tests of 42 CFR 423.153(d)(2), one module each; every one returns a `Criterion` with its reasons."""
