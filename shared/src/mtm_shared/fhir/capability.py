"""What a door can do, as a FHIR R4 CapabilityStatement."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_SINCE: Final = "2026-11-29"


def capability_statement(
    service: str,
    version: str,
    resources: Mapping[str, Sequence[str]],
    interactions: Sequence[str] = (),
    search: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """`resources`: what may be done with each kind; `interactions`: with the whole; `search`: by which parameters."""
    told = []
    for kind, codes in resources.items():
        one: dict[str, Any] = {"type": kind, "interaction": [{"code": code} for code in codes]}
        if search and kind in search:
            one["searchParam"] = [{"name": name, "type": "reference"} for name in search[kind]]
        told.append(one)
    rest: dict[str, Any] = {"mode": "server", "resource": told}
    if interactions:
        rest["interaction"] = [{"code": code} for code in interactions]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _SINCE,
        "kind": "instance",
        "implementation": {"description": f"OpenMTM {service}"},
        "software": {"name": f"OpenMTM {service}", "version": version},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [rest],
    }
