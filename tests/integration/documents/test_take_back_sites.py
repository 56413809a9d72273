"""`mtm-documents import`: every row of a site table is used or rejected with a code, and letters name what is in it."""

from pathlib import Path

import pytest
from mtm_documents.cli import app
from mtm_documents.storage import sites
from mtm_documents.usecases.import_sites import NotReadable, SitesLoaded, WrongColumns, import_sites
from mtm_shared.storage import Database, migrate
from typer.testing import CliRunner

HEADER = "site_id,name,address,zip_code,phone,hours"
WALNUT = "1,Walnut Street Pharmacy,1200 Walnut Street,17101,1-717-555-0142,"


@pytest.fixture
def database(empty_database: str) -> str:
    migrate("documents", empty_database)
    return empty_database


async def loaded(url: str, *lines: str) -> SitesLoaded:
    database = Database.at(url)
    try:
        async with database.writing() as session, session.begin():
            return await import_sites(session, [f"{line}\n" for line in lines])
    finally:
        await database.dispose()


async def near(url: str, zip_code: str | None) -> list[str]:
    database = Database.at(url)
    try:
        async with database.reading() as session, session.begin():
            return [site.name for site in await sites.near(session, zip_code)]
    finally:
        await database.dispose()


def faults(result: SitesLoaded) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.field, fault.code) for fault in result.rejected]


async def test_the_same_zip_code_comes_first_and_another_area_not_at_all(database: str) -> None:
    far, beside = "2,Pittsburgh Pharmacy,1 Main Street,15201,,", "0,Beside Pharmacy,2 Main Street,17102-1234,,"
    assert (await loaded(database, HEADER, far, beside, WALNUT)).used == 3
    assert await near(database, "17101-1204") == ["Walnut Street Pharmacy", "Beside Pharmacy"]
    assert await near(database, None) == []


async def test_a_site_that_is_loaded_again_is_replaced(database: str) -> None:
    await loaded(database, HEADER, WALNUT)
    await loaded(database, HEADER, WALNUT.replace("Walnut Street Pharmacy", "Walnut Pharmacy"))
    assert await near(database, "17101") == ["Walnut Pharmacy"]


async def test_every_row_is_used_or_rejected_by_its_line(database: str) -> None:
    result = await loaded(
        database,
        HEADER,
        WALNUT,
        "",
        "2,,Address,17101,,",
        "3,Name,Address,1710,,",
        "4,Name,Address,17101,,,more",
        "5,Name",
        f"6,{'x' * 201},Address,17101,,",
        " 1 ,The same again,Address,17101,,",
    )
    assert (result.rows_in, result.used) == (7, 1)
    assert faults(result) == [
        (4, "name", "missing_field"),
        (5, "zip_code", "invalid_zip_code"),
        (6, "", "wrong_number_of_fields"),
        (7, "", "wrong_number_of_fields"),
        (8, "name", "too_long"),
        (9, "site_id", "duplicate_row"),
    ]


@pytest.mark.parametrize("lines", [(), ("",), ("site_id,name",), (HEADER.replace("phone", "telephone"), WALNUT)])
async def test_another_table_is_refused_whole(database: str, lines: tuple[str, ...]) -> None:
    with pytest.raises(WrongColumns):
        await loaded(database, *lines)


async def test_a_quote_that_is_never_closed_swallows_no_rows(database: str) -> None:
    with pytest.raises(NotReadable, match="line 3"):
        await loaded(database, HEADER, '1,"Walnut Street,1200 Walnut Street,17101,,', WALNUT)
    assert await near(database, "17101") == []


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path}/documents.db"
    return {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": url}


def run(environment: dict[str, str], file: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["import", str(file)], env=environment)
    return result.exit_code, result.output


def test_the_command_counts_and_takes_a_byte_order_mark(environment: dict[str, str], tmp_path: Path) -> None:
    migrate("documents", environment["MTM_DATABASE_URL"].replace("sqlite:", "sqlite+aiosqlite:"))
    file = tmp_path / "sites.csv"
    file.write_text(f"{HEADER}\r\n{WALNUT}\r\n2,,x,17101,,\r\n", encoding="utf-8-sig")
    code, said = run(environment, file)
    assert code == 0
    assert "2 rows in = 1 used + 1 rejected" in said
    assert "line 3: missing_field name" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the columns must be"),
        (HEADER.encode() + b"\n1,Farmacia Nu\xf1ez,x,17101,,\n", "must be UTF-8"),
        (f"{HEADER}\n{WALNUT}\n".encode(), "migrated"),
    ],
)
def test_the_command_says_plainly_why_it_loads_nothing(
    environment: dict[str, str], tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "sites.csv"
    file.write_bytes(content)
    code, said = run(environment, file)
    assert (code, "Traceback" in said) == (2, False)
    assert says in said
