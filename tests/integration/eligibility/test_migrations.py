"""Migrations make the tables that the code declares, and can be taken back."""

from mtm_shared.storage import check_migrations, migrate


def test_up_down_up(empty_database: str) -> None:
    migrate("eligibility", empty_database)
    migrate("eligibility", empty_database, "base")
    migrate("eligibility", empty_database)
    check_migrations("eligibility", empty_database)
