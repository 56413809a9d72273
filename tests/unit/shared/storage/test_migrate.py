"""Migrations run the same from the command line, from a test's event loop, and twice."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.util import CommandError
from mtm_shared.storage import Database, check_migrations, head_revision, migrate, migrations_path
from sqlalchemy import text

ENVIRONMENT = """
from mtm_migrating import metadata
from mtm_shared.storage import alembic_env

alembic_env.run(metadata)
"""
FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    op.create_table("things", sa.Column("thing_id", sa.String(20), primary_key=True))


def downgrade():
    op.drop_table("things")
"""
PACKAGE = """
from sqlalchemy import Column, MetaData, String, Table

metadata = MetaData()
Table("things", metadata, Column("thing_id", String(20), primary_key=True))
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A service in a checkout, with one migration."""
    package = tmp_path / "src" / "mtm_migrating"
    versions = tmp_path / "migrations" / "versions"
    package.mkdir(parents=True)
    versions.mkdir(parents=True)
    (package / "__init__.py").write_text(PACKAGE)
    (tmp_path / "migrations" / "env.py").write_text(ENVIRONMENT)
    (versions / "0001_first.py").write_text(FIRST)
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    yield package
    sys.modules.pop("mtm_migrating", None)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/test%20.db"
    address: str = request.getfixturevalue("fresh_postgres_url")
    return address


async def revision(url: str) -> str:
    database = Database.at(url)
    async with database.reading() as session:
        found = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    await database.dispose()
    return str(found)


@pytest.mark.usefixtures("service")
async def test_a_database_is_migrated_from_within_an_event_loop(url: str) -> None:
    migrate("migrating", url)
    migrate("mtm_migrating", url)
    assert await revision(url) == head_revision("migrating") == "0001"


@pytest.mark.usefixtures("service")
def test_a_database_is_migrated_and_back(url: str) -> None:
    migrate("migrating", url)
    check_migrations("migrating", url)
    migrate("migrating", url, "base")
    with pytest.raises(CommandError):
        check_migrations("migrating", url)


def test_an_installed_wheel_holds_its_migrations_inside(service: Path) -> None:
    inside = service / "migrations"
    inside.mkdir()
    (inside / "env.py").write_text(ENVIRONMENT)
    assert migrations_path("migrating") == inside


def test_a_service_that_is_not_installed_is_named() -> None:
    with pytest.raises(LookupError, match="mtm_nowhere"):
        migrations_path("nowhere")
