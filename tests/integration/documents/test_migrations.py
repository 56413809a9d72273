"""The migrations go up, down and up again and make the tables that the code declares."""

from mtm_shared.storage.migrate import check_migrations, migrate


def test_up_down_up(empty_database: str) -> None:
    migrate("documents", empty_database)
    migrate("documents", empty_database, "base")
    migrate("documents", empty_database)
    check_migrations("documents", empty_database)
