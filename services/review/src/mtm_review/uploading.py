"""Takes a table of medications that members reported into their open reviews; the work of `mtm-review import`.

Claims do not show what is bought over the counter, given as a sample or paid in cash, and the Medication List of form
CMS-10396 holds prescription and non-prescription drugs, herbals and supplements alike. Every row is used or rejected
with a code: in = used + rejected. Rows of one review go in one request, so they are taken or refused together; a
refusal does not keep other reviews' rows back.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from mtm_shared.contracts.review import MedicationReconciliation, MedicationsRequest
from mtm_shared.web.calling import no_answer, refusal
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

COLUMNS: Final = (
    "review_id", "name", "ndc", "rxcui", "source", "status", "directions", "reason", "prescriber", "as_needed", "notes",
)  # fmt: skip
SOURCES: Final = ("otc", "herbal", "supplement", "sample", "reported")
_STATUSES: Final = ("active", "stopped")
_YES_OR_NO: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_REVIEW_ID: Final = re.compile(r"(?!\.+$)[A-Za-z0-9._:+-]{1,64}")
_MOST_AT_ONCE: Final = 200
_STOPPING: Final = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})


class NotReadable(Exception):
    """The file is no table of reported medications; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be sent; `line` is the line of the file that it ends on."""

    line: int
    review_id: str
    medication: MedicationReconciliation


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and the field where one is to blame."""

    line: int
    code: str
    field: str = ""


@dataclass(slots=True)
class Imported:
    """In = used + rejected. `stopped` says why the rest was not sent, if it was not."""

    rows_in: int
    used: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    stopped: str = ""


def read_rows(lines: Iterable[str]) -> tuple[list[Row], list[Rejected]]:
    """The rows that can be sent and those that cannot; blank lines are no rows."""
    reader = csv.reader(lines, strict=True)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise NotReadable(f"the columns must be {','.join(COLUMNS)}")
        for texts in reader:
            if texts:
                row = _row(reader.line_num, [text.strip() for text in texts])
                if isinstance(row, Row):
                    rows.append(row)
                else:
                    rejected.append(row)
    except csv.Error as error:
        # A quote that is never closed would swallow the rows behind it: nothing is sent.
        raise NotReadable(f"line {reader.line_num} is no CSV: {error}") from None
    except UnicodeDecodeError:
        raise NotReadable("the file must be UTF-8") from None
    return rows, rejected


def _row(line: int, texts: list[str]) -> Row | Rejected:
    if len(texts) != len(COLUMNS):
        return Rejected(line, "wrong_number_of_fields")
    given = {name: text for name, text in zip(COLUMNS, texts, strict=True) if text}
    review_id = given.pop("review_id", "")
    if (fault := next(_faults(review_id, given), None)) is not None:
        return Rejected(line, *fault)
    said: dict[str, Any] = dict(given)
    if "as_needed" in given:
        said["as_needed"] = _YES_OR_NO[given["as_needed"].lower()]
    try:
        return Row(line, review_id, MedicationReconciliation.model_validate(said))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = "too_long" if first["type"] == "string_too_long" else "invalid_value"
        return Rejected(line, code, ".".join(str(part) for part in first["loc"]))


def _faults(review_id: str, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Code and field of what is wrong with the row, gravest first."""
    if not review_id:
        yield "missing_field", "review_id"
    elif not _REVIEW_ID.fullmatch(review_id):
        yield "invalid_review_id", "review_id"
    if not given.keys() & {"name", "ndc", "rxcui"}:
        yield "missing_field", "name"
    if given.get("source", SOURCES[-1]) not in SOURCES:
        yield "unknown_source", "source"
    if given.get("status", _STATUSES[0]) not in _STATUSES:
        yield "unknown_status", "status"
    if given.get("as_needed", "no").lower() not in _YES_OR_NO:
        yield "invalid_value", "as_needed"


def import_reported(client: httpx.Client, lines: Iterable[str], author: str, console: Console) -> Imported:
    """Sends the rows review by review and says what became of each."""
    rows, rejected = read_rows(lines)
    done = Imported(len(rows) + len(rejected), rejected=rejected)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("reported medications", total=done.rows_in, completed=len(rejected))
        for batch in _batches(rows):
            code = "not_sent" if done.stopped else _send(client, batch, author, done)
            if code:
                rejected.extend(Rejected(row.line, code) for row in batch)
            else:
                done.used += len(batch)
            progress.advance(task, len(batch))
    rejected.sort(key=lambda row: row.line)
    return done


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each review together, as many as one request may hold."""
    by_review: dict[str, list[Row]] = {}
    for row in rows:
        by_review.setdefault(row.review_id, []).append(row)
    for batch in by_review.values():
        for start in range(0, len(batch), _MOST_AT_ONCE):
            yield batch[start : start + _MOST_AT_ONCE]


def _send(client: httpx.Client, batch: Sequence[Row], author: str, done: Imported) -> str:
    """Empty when the review took the rows, else the code that says why not; sets `stopped` where none can follow."""
    body = MedicationsRequest(author=author, medications=[row.medication for row in batch])
    try:
        answer = client.post(
            f"/v1/reviews/{batch[0].review_id}/medications",
            content=body.model_dump_json(exclude_unset=True),
            headers={"Content-Type": "application/json"},
        )
    except httpx.HTTPError as error:
        done.stopped = no_answer(client.base_url, error)
        return "no_answer"
    if answer.is_success:
        return ""
    code, sentence = refusal(answer)
    if answer.status_code in _STOPPING:
        done.stopped = sentence
    return code or f"http_{answer.status_code}"
