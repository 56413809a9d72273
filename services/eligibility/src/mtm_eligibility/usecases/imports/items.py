"""What readers make of rows, and loaders take: one item for each row of a file."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mtm_shared.contracts.member import MemberRecord


@dataclass(frozen=True, slots=True)
class Reject:
    """A row (scope `row`), or a field of a row that is used (scope `field`), that was not taken; it holds no values."""

    line: int
    scope: str
    field: str
    code: str
    message: str


class Refused(Exception):
    """A row cannot be used."""

    def __init__(self, field_name: str, code: str, message: str) -> None:
        super().__init__(code)
        self.field = field_name
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class MemberItem:
    """A member, and what is told of coverage: one span, or everything from `first` to `last`."""

    line: int
    row: dict[str, Any]
    spans: list[dict[str, Any]]
    first: date | None = None
    last: date | None = None
    deletes: bool = False
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class FillItem:
    """A drug event. `final` events stand for their whole claim; others are one record of it, netted when read."""

    line: int
    row: dict[str, Any]
    final: bool
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """One line of a medical claim with its usable diagnoses; `codes_in` counts every filled diagnosis field."""

    line: int
    member_id: str
    claim_id: str
    setting: str
    service_date: date
    codes: tuple[str, ...] = ()
    codes_in: int = 0
    stay: tuple[date, date] | None = None
    deletes: bool = False
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class DiagnosisItem:
    """One diagnosis of a member."""

    line: int
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordItem:
    """A member with everything that is known."""

    line: int
    record: MemberRecord


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """One span of coverage of a member who is known."""

    line: int
    row: dict[str, Any]


Item = MemberItem | CoverageItem | FillItem | ClaimItem | DiagnosisItem | RecordItem


@dataclass(slots=True)
class Counts:
    """What became of the rows so far; `as_json` is the checkpoint."""

    rows_in: int = 0
    accepted: int = 0
    replaced: int = 0
    deleted: int = 0
    rejected_by_code: dict[str, int] = field(default_factory=dict)
    fields_rejected_by_code: dict[str, int] = field(default_factory=dict)
    claims: "ItemCounts | None" = None
    diagnoses: "ItemCounts | None" = None
    # The last claim that was rejected, so that its further lines are not another claim.
    last_rejected: list[str] | None = None

    @property
    def rejected(self) -> int:
        """Rows rejected, whatever the code."""
        return sum(self.rejected_by_code.values())

    def reject(self, reject: Reject) -> None:
        """Count one reject."""
        by_code = self.rejected_by_code if reject.scope == "row" else self.fields_rejected_by_code
        by_code[reject.code] = by_code.get(reject.code, 0) + 1

    def reconciles(self) -> bool:
        """In = accepted + replaced + deleted + rejected, for rows, claims and diagnoses."""
        rows = self.accepted + self.replaced + self.deleted + self.rejected
        parts = [part for part in (self.claims, self.diagnoses) if part is not None]
        return rows == self.rows_in and all(part.reconciles() for part in parts)

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        kept = {name: getattr(self, name) for name in _COUNTED}
        for name in ("claims", "diagnoses"):
            part = getattr(self, name)
            kept[name] = None if part is None else part.as_json()
        return kept

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Counts":
        """From the database."""
        values = dict(kept)
        for name in ("claims", "diagnoses"):
            values[name] = None if values.get(name) is None else ItemCounts(**values[name])
        return cls(**values)


_COUNTED = (
    "rows_in", "accepted", "replaced", "deleted", "rejected_by_code", "fields_rejected_by_code", "last_rejected",
)  # fmt: skip


@dataclass(slots=True)
class ItemCounts:
    """Claims or diagnoses: in = used + repeated + rejected."""

    items_in: int = 0
    used: int = 0
    repeated: int = 0
    rejected_by_code: dict[str, int] = field(default_factory=dict)

    def reject(self, code: str, number: int = 1) -> None:
        """Count some as rejected."""
        self.rejected_by_code[code] = self.rejected_by_code.get(code, 0) + number

    def reconciles(self) -> bool:
        """Nothing vanished."""
        return self.items_in == self.used + self.repeated + sum(self.rejected_by_code.values())

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return {
            "items_in": self.items_in,
            "used": self.used,
            "repeated": self.repeated,
            "rejected_by_code": self.rejected_by_code,
        }
