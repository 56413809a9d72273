"""A bundle, or one resource, taken in one transaction; what became of each entry is told in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtm_shared.fhir.outcome import Issue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.usecases.imports.fhir import ORDER, read_resource
from mtm_eligibility.usecases.imports.items import Counts, Item, Refused
from mtm_eligibility.usecases.imports.loading import Load
from mtm_eligibility.usecases.imports.running import load_items


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry: taken, unless it has an error; a warning names a part that was left out."""

    issues: tuple[Issue, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing of the entry was taken."""
        return any(issue.severity == "error" for issue in self.issues)


async def take_resources(session: AsyncSession, resources: Sequence[Any], import_id: str) -> list[Taken]:
    """Take resources in the order that their kinds need; the answer is in the order given."""
    load = Load(session, import_id, Counts())
    items: list[tuple[int, int, Item]] = []
    for place, resource in enumerate(resources):
        try:
            item = read_resource(place, resource if isinstance(resource, Mapping) else {})
        except Refused as refused:
            load.reject_row(place, refused.field, refused.code, refused.message)
        else:
            kind = resource["resourceType"]
            items.append((ORDER.index(kind) if kind in ORDER else len(ORDER), place, item))
    await load_items(load, [item for _, _, item in sorted(items, key=lambda one: one[:2])])
    issues: dict[int, list[Issue]] = {place: [] for place in range(len(resources))}
    for reject in load.rejects:
        severity = "error" if reject.scope == "row" else "warning"
        issues[reject.line].append(Issue(severity, reject.code, reject.message, reject.field))
    return [Taken(tuple(issues[place])) for place in range(len(resources))]
