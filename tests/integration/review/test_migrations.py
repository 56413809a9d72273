"""The migrations go up, down and up again and make the tables that the code declares."""

from mtm_shared.storage.migrate import check_migrations, migrate


def test_up_down_up(empty_database: str) -> None:
    migrate("review", empty_database)
    migrate("review", empty_database, "base")
    migrate("review", empty_database)
    check_migrations("review", empty_database)
