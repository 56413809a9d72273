"""The page shows what happened: markup in data stays text, and a loss is not hidden."""

from datetime import UTC, date, datetime

from mtm_shared.contracts.eligibility import (
    Determination,
    ImportCounts,
    ImportReject,
    ImportStatus,
    Notice,
)

from deploy.local.outcomes import Decisions, Imported, Outcomes
from deploy.local.report.accounts import accounts, flat
from deploy.local.report.page import render


def imported(counts: ImportCounts, *, message: str = "", failure: Notice | None = None) -> Imported:
    status = ImportStatus(
        import_id="imp-1",
        format="rif-pde",
        state="failed" if failure else "done",
        progress=1,
        counts=counts,
        failure=failure,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    rejects = (ImportReject(row=2, field="ndc", code="invalid_ndc", message=message),) if message else ()
    return Imported("pde.csv", status, rejects)


def outcomes(*imports: Imported, **events: int) -> Outcomes:
    nobody: tuple[Determination, ...] = ()
    return Outcomes(
        title="A run",
        subtitle="Given claims",
        fictional=False,
        imports=list(imports),
        decisions=[Decisions("aetna-2021", date(2021, 5, 31), nobody)],
        events=events,
    )


def test_markup_in_data_is_printed_as_text() -> None:
    counts = ImportCounts(rows_in=1, rejected=1, rejected_by_code={"invalid_ndc": 1})
    page = render(outcomes(imported(counts, message="<script>alert(1)</script>")))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_drug_events_are_used_or_left_out_by_code() -> None:
    counts = ImportCounts(rows_in=10, accepted=8, replaced=1, rejected=1, rejected_by_code={"invalid_date": 1})
    (account,) = accounts(outcomes(imported(counts), understood=5, unknown_ndc=3))
    assert account.used == 5
    assert dict(account.others) == {"unknown_ndc": 3, "superseded by a later record": 1, "invalid_date": 1}
    assert account.adds_up


def test_a_deletion_takes_its_event_with_it() -> None:
    counts = ImportCounts(rows_in=10, accepted=9, deleted=1)
    (account,) = accounts(outcomes(imported(counts), understood=8))
    assert dict(account.others) == {"deleted, and the records that delete": 2}
    assert account.adds_up


def test_a_lost_event_is_shown() -> None:
    lossy = outcomes(imported(ImportCounts(rows_in=10, accepted=10)), understood=9)
    assert not accounts(lossy)[0].adds_up
    assert "does not add up" in render(lossy)


def test_a_refused_file_is_shown_with_its_code() -> None:
    failure = Notice(code="wrong_columns", detail="missing columns")
    assert "refused: wrong_columns" in render(outcomes(imported(ImportCounts(), failure=failure)))


def test_nested_versions_become_lines() -> None:
    assert list(flat({"a": {"b": "1"}, "c": 2})) == [("a b", "1"), ("c", "2")]
