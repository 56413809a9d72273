"""What a run of the demo found out, kept for the page that it leaves."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mtm_shared.contracts.documents import DocumentRecord
from mtm_shared.contracts.eligibility import Determination, ImportReject, ImportStatus
from mtm_shared.contracts.review import Review

from deploy.local.steps import StepTime


@dataclass(frozen=True, slots=True)
class Imported:
    """A file with what became of its rows."""

    name: str
    status: ImportStatus
    rejects: tuple[ImportReject, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A kept document and where its bytes were saved, relative to the page."""

    member_id: str
    record: DocumentRecord
    path: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All determinations under one programme as of one day."""

    program_id: str
    as_of: date
    determinations: tuple[Determination, ...]
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcomes:
    """Everything that the page shows."""

    title: str
    subtitle: str
    fictional: bool
    languages: dict[str, str] = field(default_factory=dict)
    imports: list[Imported] = field(default_factory=list)
    skipped_files: list[tuple[str, str]] = field(default_factory=list)
    decisions: list[Decisions] = field(default_factory=list)
    drug_events: int = 0
    events: dict[str, int] = field(default_factory=dict)
    letters: list[Document] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    summaries: list[Document] = field(default_factory=list)
    rule_titles: dict[str, str] = field(default_factory=dict)
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    times: list[StepTime] = field(default_factory=list)
    seconds: float = 0.0


def saved(folder: Path, kind: str, name: str, content: bytes) -> str:
    """Keep a document's bytes under the run's folder; answers the link."""
    target = folder / kind / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return f"{kind}/{name}"
