"""Reads law and clinical knowledge kept as TOML and CSV, strictly, and says which bytes were read.

A mistake in a reference file must stop a service from starting, not change a decision: an unknown key, a missing or
mistyped value, a wrong column, a row count that differs from the list's sidecar are all refused with the file, the key
and the value. Decimal numbers are read exactly (never as binary floating point). YAML is not read at all: it turns an
NDC with leading zeros into a number and the code NO into False.
"""

from mtm_shared.reference.lists import Sidecar, read_csv, read_sidecar
from mtm_shared.reference.places import toml_line
from mtm_shared.reference.prints import fingerprint
from mtm_shared.reference.refusals import Collected, ReferenceDataError, RefusalKind, allowed, collect, near, refuse
from mtm_shared.reference.toml import Reader, read_toml

__all__ = [
    "Collected",
    "Reader",
    "ReferenceDataError",
    "RefusalKind",
    "Sidecar",
    "allowed",
    "collect",
    "fingerprint",
    "near",
    "read_csv",
    "read_sidecar",
    "read_toml",
    "refuse",
    "toml_line",
]
