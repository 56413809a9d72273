"""Imports: whatever a file holds, every row of it is accounted for, also when a worker dies half-way."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from deciding import COVERAGE, MEMBER, Service, eligibility_service, fill, many_diagnoses, many_fills, record
from mtm_eligibility.storage import imports as import_rows
from mtm_eligibility.storage.tables import diagnoses, fills, import_rejects, imports, members, stays
from mtm_eligibility.usecases.imports import running
from mtm_eligibility.worker import QUEUE, handle_import
from mtm_shared.storage import JobContext, migrate
from sqlalchemy import func, select

MEMBERS_CSV = b"member_id,birth_date,sex,contract_id,pbp_id,plan_type,effective_from\n" + b"".join(
    b"M-%d,1950-02-03,female,H1234,001,MA-PD,2026-01-01\n" % number for number in range(1, 4)
)
FILLS_HEADER = "member_id,claim_id,drug_name,fill_date,days_supply,quantity,total_cost,coverage_status,adjustment\n"
CLAIMS_HEADER = (
    "DML_IND|BENE_ID|CLM_ID|FINAL_ACTION|CLM_FROM_DT|CLM_THRU_DT|ICD_DGNS_CD1|ICD_DGNS_VRSN_CD1|LINE_ICD_DGNS_CD\n"
)


def fill_rows(*rows: str) -> bytes:
    return (FILLS_HEADER + "\n".join(rows) + "\n").encode()


def a_fill(member: str, claim: str, cost: str = "10.00", adjustment: str = "") -> str:
    return f"{member},{claim},metformin,2026-02-01,30,30,{cost},C,{adjustment}"


def claim_rows(*rows: str) -> bytes:
    return (CLAIMS_HEADER + "\n".join(rows)).encode()


def a_line(claim: str, code: str, line_code: str = "", command: str = "INSERT", member: str = "M-1") -> str:
    return f"{command}|{member}|{claim}|F|01-Jan-2026|02-Jan-2026|{code}|0|{line_code}"


def numbers(status: dict[str, Any]) -> dict[str, Any]:
    names = ("rows_in", "accepted", "replaced", "deleted", "rejected", "rejected_by_code")
    assert status["state"] == "done", status["failure"]
    return {name: value for name, value in status["counts"].items() if name in names and value}


async def count(service: Service, table: Any) -> int:
    async with service.database.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def costs(service: Service, member: str = "M-1") -> dict[str, str]:
    profile = await service.ok("GET", f"/v1/members/{member}/profile?as_of=2026-12-31")
    return {each["claim_id"]: each["total_cost"] for each in profile["fills"]}


async def codes(service: Service) -> dict[str, list[str]]:
    profile = await service.ok("GET", "/v1/members/M-1/profile?as_of=2026-12-31")
    found: dict[str, list[str]] = {}
    for each in profile["diagnoses"]:
        found.setdefault(each["claim_id"], []).append(each["icd10"])
    return found


async def test_every_row_has_one_fate(service: Service) -> None:
    assert numbers(await service.bring("csv-members", MEMBERS_CSV)) == {"rows_in": 3, "accepted": 3}
    content = fill_rows(
        a_fill("M-1", "A"), a_fill("M-1", "A", "12.00", "A"), a_fill("M-1", "B"), a_fill("M-1", "B", "10.00", "D"),
        a_fill("M-9", "A"), a_fill("M-1", "C", "ten"), a_fill("M-1", "D")[:-1], "", a_fill("M-2", "A"),
    )  # fmt: skip
    status = await service.bring("csv-fills", content)
    assert numbers(status) == {
        "rows_in": 8, "accepted": 3, "replaced": 1, "deleted": 1, "rejected": 3,
        "rejected_by_code": {"unknown_member": 1, "invalid_number": 1, "wrong_columns": 1},
    }  # fmt: skip
    assert [(each["row"], each["field"], each["code"]) for each in await service.rejects(status)] == [
        (6, "member_id", "unknown_member"), (7, "total_cost", "invalid_number"), (8, "", "wrong_columns"),
    ]  # fmt: skip
    assert await costs(service) == {"A": "12.00"}


async def test_a_file_read_again_changes_nothing_but_what_it_is_called(service: Service) -> None:
    await service.bring("csv-members", MEMBERS_CSV)
    content = fill_rows(*(a_fill("M-1", f"A{number}") for number in range(5)))
    assert numbers(await service.bring("csv-fills", content)) == {"rows_in": 5, "accepted": 5}
    assert numbers(await service.bring("csv-fills", content)) == {"rows_in": 5, "replaced": 5}
    assert numbers(await service.bring("csv-members", MEMBERS_CSV)) == {"rows_in": 3, "replaced": 3}
    assert len(await costs(service)) == 5


async def test_an_update_of_a_claim_replaces_all_of_it_and_a_deletion_removes_it(service: Service) -> None:
    await service.bring("csv-members", MEMBERS_CSV)
    first = await service.bring(
        "rif-carrier", claim_rows(a_line("X", "I10", "E119"), a_line("X", "I10", "J449"), a_line("Y", "I10"))
    )
    assert numbers(first) == {"rows_in": 3, "accepted": 3}
    assert first["counts"]["claims"] | {"rejected_by_code": {}} == {
        "items_in": 2, "used": 2, "repeated": 0, "rejected": 0, "rejected_by_code": {},
    }  # fmt: skip
    assert first["counts"]["diagnoses"]["items_in"] == 5
    assert await codes(service) == {"X": ["E11.9", "I10", "J44.9"], "Y": ["I10"]}
    update = claim_rows(a_line("X", "I10", "", "UPDATE"), a_line("X", "I10", "E785", "UPDATE"))
    assert numbers(await service.bring("rif-carrier", update)) == {"rows_in": 2, "replaced": 2}
    assert await codes(service) == {"X": ["E78.5", "I10"], "Y": ["I10"]}
    assert numbers(await service.bring("rif-carrier", claim_rows(a_line("Y", "", "", "DELETE")))) == {
        "rows_in": 1, "deleted": 1,
    }  # fmt: skip
    assert await codes(service) == {"X": ["E78.5", "I10"]}


async def test_a_claim_of_which_one_line_can_be_used_is_used(quick: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 1)
    await quick.bring("csv-members", MEMBERS_CSV)
    lines = (a_line("X", "4019"), a_line("X", "4019"), a_line("X", "I10"), a_line("Y", "25000"))
    status = await quick.bring("rif-carrier", claim_rows(*lines))
    assert numbers(status)["rejected_by_code"] == {"invalid_icd10": 3}
    claims, diagnoses = status["counts"]["claims"], status["counts"]["diagnoses"]
    assert (claims["items_in"], claims["used"], claims["rejected"]) == (2, 1, 1)
    assert (diagnoses["items_in"], diagnoses["used"], diagnoses["rejected"]) == (4, 1, 3)


async def test_member_records_carry_everything(service: Service) -> None:
    lines = [json.dumps(record(member=MEMBER | {"member_id": f"M-{number}"})) for number in range(3)]
    lines += ['{"member": 1', json.dumps({"member": MEMBER, "coverage": COVERAGE, "Canary": 1}), "[]"]
    status = await service.bring("ndjson", "\n".join(lines).encode())
    assert numbers(status) == {
        "rows_in": 6, "accepted": 3, "rejected": 3,
        "rejected_by_code": {"invalid_json": 1, "unknown_field": 1, "invalid_value": 1},
    }  # fmt: skip
    assert "Canary" not in json.dumps(await service.rejects(status))
    assert await count(service, fills) == 3 * len(many_fills())
    assert await count(service, diagnoses) == 3 * len(many_diagnoses())
    ask = {"program_id": "cms-2026", "as_of": "2026-06-30"}
    assert (await service.ok("POST", "/v1/members/M-2/determinations", ask))["outcome"] == "eligible"


async def test_a_deleted_member_goes_with_every_claim(service: Service) -> None:
    await service.bring("ndjson", json.dumps(record(stays=[{"kind": "snf", "from": "2026-01-01"}])).encode())
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
    header = ["DML_IND", "BENE_ID", "BENE_BIRTH_DT", "BENE_SEX_IDENT_CD", "RFRNC_YR"]
    header += [f"PTD_{kind}_{month}_ID" for kind in ("CNTRCT", "PBP") for month in months]
    rows = "|".join(header) + "\n" + "|".join(["DELETE", "M-1", *[""] * (len(header) - 2)])
    assert numbers(await service.bring("rif-beneficiary", rows.encode())) == {"rows_in": 1, "deleted": 1}
    assert [await count(service, table) for table in (members, fills, diagnoses, stays)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("file_format", "content", "code"),
    [
        ("rif-pde", b"", "empty_file"),
        ("rif-pde", CLAIMS_HEADER.encode(), "wrong_columns"),
        ("csv-fills", FILLS_HEADER.replace("claim_id", "Canary").encode(), "wrong_columns"),
        ("csv-fills", b"\xff\xfe\x00m\x00e", "wrong_columns"),
        ("csv-fills", b'"member_id', "wrong_columns"),
        ("rif-carrier", b"\x00" * 100, "wrong_columns"),
        ("csv-members", b"member_id,member_id,birth_date,contract_id,pbp_id,plan_type,effective_from", "wrong_columns"),
    ],
)
async def test_a_file_of_the_wrong_kind_fails_and_says_why(
    quick: Service, file_format: str, content: bytes, code: str
) -> None:
    status = await quick.bring(file_format, content)
    assert (status["state"], status["failure"]["code"]) == ("failed", code)
    assert "Canary" not in status["failure"]["detail"]


@pytest.mark.parametrize("file_format", ["csv-fills", "rif-carrier", "ndjson"])
async def test_no_bytes_are_a_crash(quick: Service, file_format: str) -> None:
    await quick.bring("csv-members", MEMBERS_CSV)
    headers = {"csv-fills": FILLS_HEADER.encode(), "rif-carrier": CLAIMS_HEADER.encode(), "ndjson": b""}
    junk = [
        b"\xff\xfe", b"\x00", b'"', b'"""', b"|" * 500, b"," * 500, b"{", b"null", b"1e999", b"\xf0\x9f\x92\x8a",
        b"\xed\xa0\x80", b'{"member": {"member_id": "\\u0000"}}', b'{"a":' * 500, "\u2028".encode(), b"x" * 100_000,
    ]  # fmt: skip
    status = await quick.bring(file_format, headers[file_format] + b"\n".join(junk))
    assert numbers(status)["rows_in"] == numbers(status)["rejected"] == len(junk)


async def test_a_killed_worker_is_taken_over_with_the_same_end(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 7)
    rows = [a_line(f"C{number // 3}", "I10", "E119" if number % 2 else "4019") for number in range(50)]
    content = claim_rows(*rows, a_line("Z", "I10", member="nobody"))
    migrate("eligibility", empty_database)
    async with eligibility_service(empty_database, tmp_path / "data") as service:
        await service.bring("csv-members", MEMBERS_CSV)
        whole = (await service.bring("rif-carrier", content))["counts"]
        reference = await codes(service)
        await service.bring(
            "rif-carrier", claim_rows(*(a_line(f"C{number}", "", "", "DELETE") for number in range(17)))
        )
        import_id = await service.queue("rif-carrier", content)
        await _die_after(3, service, monkeypatch)
        half = await service.ok("GET", f"/v1/imports/{import_id}")
        assert (half["state"], half["counts"]["rows_in"]) == ("running", 21)
        assert 0 < half["progress"] < 1
        await service.work()
        status = await service.ok("GET", f"/v1/imports/{import_id}")
        assert status["counts"] == whole
        assert await codes(service) == reference
        assert len(await service.rejects(status)) == status["counts"]["rejected"] + sum(
            status["counts"]["fields_rejected_by_code"].values()
        )


async def _die_after(chunks: int, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work until the process would be killed inside the transaction of the chunk after."""
    left = chunks
    advance = import_rows.advance_import

    class Killed(BaseException):
        """Not an Exception: nothing may handle it, as nothing handles a kill."""

    async def dying(*arguments: Any, **values: Any) -> bool:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return bool(await advance(*arguments, **values))

    with monkeypatch.context() as patch:
        patch.setattr(import_rows, "advance_import", dying)
        async with service.database.writing() as session, session.begin():
            job = await QUEUE.lease(session, "killed", service.app.state.clock(), -1.0)
        assert job is not None
        context = JobContext(job, service.database, QUEUE, asyncio.Event(), service.app.state.clock)
        with pytest.raises(Killed):
            await handle_import(context)


async def test_two_workers_on_one_import_do_not_count_twice(service: Service) -> None:
    await service.bring("csv-members", MEMBERS_CSV)
    import_id = await service.queue("csv-fills", fill_rows(*(a_fill("M-1", f"A{number}") for number in range(5))))
    async with service.database.writing() as session, session.begin():
        await import_rows.change_import(session, import_id, state="running")
    async with service.database.reading() as session:
        row = await import_rows.read_import(session, import_id)
    assert row is not None
    source = running.open_source(row)
    async with service.database.writing() as session, session.begin():
        await running.step(session, source, row, service.app.state.clock())
    with pytest.raises(running.MovedOn):
        async with service.database.writing() as session, session.begin():
            await running.step(session, source, row, service.app.state.clock())
    await service.work()
    assert numbers(await service.ok("GET", f"/v1/imports/{import_id}")) == {"rows_in": 5, "accepted": 5}


async def test_an_upload_is_told_apart_by_its_hash_and_is_not_kept(service: Service) -> None:
    status = await service.bring("csv-members", MEMBERS_CSV)
    assert status["sha256"] == hashlib.sha256(MEMBERS_CSV).hexdigest()
    assert (status["progress"], status["size_bytes"]) == (1.0, len(MEMBERS_CSV))
    assert list((service.data / "imports").iterdir()) == []


async def test_the_same_upload_sent_twice_is_one_import(service: Service) -> None:
    form: dict[str, Any] = {"data": {"format": "csv-members"}, "files": {"file": ("f", MEMBERS_CSV)}}
    headers = {"Idempotency-Key": "upload-1"}
    first = await service.client.post("/v1/imports", headers=headers, **form)
    again = await service.client.post("/v1/imports", headers=headers, **form)
    assert (first.status_code, again.content) == (202, first.content)
    assert first.headers["location"] == f"/v1/imports/{first.json()['import_id']}"
    assert len(list((service.data / "imports").iterdir())) == await count(service, imports) == 1


async def test_a_file_that_the_service_reaches_itself(service: Service, tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes(MEMBERS_CSV)
    body = {"format": "csv-members", "uri": (tmp_path / "members.csv").as_uri()}
    queued = await service.ok("POST", "/v1/imports", body)
    await service.work()
    status = await service.ok("GET", f"/v1/imports/{queued['import_id']}")
    assert numbers(status) == {"rows_in": 3, "accepted": 3}
    assert (tmp_path / "members.csv").exists(), "a file that was not uploaded is not ours to delete"
    assert (await service.ok("GET", "/v1/imports"))["items"] == [status]


@pytest.mark.parametrize(
    "uri", ["http://example.org/x", "file://elsewhere/x", "file:///no/such/file", "file:///", "x", "file:///a%00b"]
)
async def test_an_address_that_is_not_read_is_refused(quick: Service, uri: str) -> None:
    body = {"format": "csv-members", "uri": uri}
    assert await quick.problem("POST", "/v1/imports", body) == (422, "unusable_uri")


async def test_what_is_no_import_is_refused(quick: Service) -> None:
    assert await quick.problem("POST", "/v1/imports", {"format": "xls", "uri": "file:///x"}) == (422, "invalid_request")
    text = {"content": b"x", "headers": {"Content-Type": "text/plain"}}
    assert await quick.problem("POST", "/v1/imports", **text) == (415, "unsupported_media_type")
    broken = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    assert await quick.problem("POST", "/v1/imports", **broken) == (400, "unreadable_body")
    no_file: dict[str, Any] = {"data": {"format": "xls"}, "files": {"other": b"x"}}
    assert await quick.problem("POST", "/v1/imports", **no_file) == (422, "invalid_request")
    assert await quick.problem("GET", "/v1/imports/none/rejects") == (404, "unknown_import")


async def test_rejects_come_in_pages(service: Service) -> None:
    await service.bring("csv-members", MEMBERS_CSV)
    status = await service.bring("csv-fills", fill_rows(*(a_fill("nobody", f"A{number}") for number in range(7))))
    path, rows, cursor = f"/v1/imports/{status['import_id']}/rejects?limit=3", [], ""
    while True:
        page = await service.ok("GET", path + cursor)
        rows += [each["row"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert rows == list(range(2, 9))
    assert await count(service, import_rejects) == 7


async def test_a_fill_of_a_file_and_of_a_request_are_the_same(service: Service) -> None:
    await service.bring("csv-members", MEMBERS_CSV)
    await service.bring("csv-fills", fill_rows(a_fill("M-1", "A")))
    answer = await service.ok(
        "POST", "/v1/members/M-1/fills", {"fills": [fill("A", adjustment="A", total_cost="1.00")]}
    )
    assert answer["replaced"] == 1
    assert await costs(service) == {"A": "1.00"}


async def test_an_import_whose_workers_all_died_says_so(service: Service) -> None:
    import_id = await service.queue("csv-members", MEMBERS_CSV)
    async with service.database.writing() as session, session.begin():
        for attempt in range(6):
            job = await QUEUE.lease(session, f"worker {attempt}", service.app.state.clock(), -1.0)
    assert job is None
    status = await service.ok("GET", f"/v1/imports/{import_id}")
    assert (status["state"], status["failure"]["code"]) == ("failed", "lease_expired")
