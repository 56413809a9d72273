"""Brings a service's database to a revision of its migrations, from a checkout or from an installed wheel."""

from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def migrations_path(service: str) -> Path:
    """The folder with `env.py` of `eligibility` or `mtm_eligibility`."""
    package = service if service.startswith("mtm_") else f"mtm_{service}"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    inside = Path(spec.origin).parent
    # A wheel holds the folder inside the package; a checkout beside `src`.
    for folder in (inside / "migrations", inside.parent.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise LookupError(f"{package} has no migrations")


def _config(service: str, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_path(service)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # Not an option of the file: it would interpolate the % of an escaped password.
    config.attributes["url"] = url
    return config


def migrate(service: str, url: str, to: str = "head") -> None:
    """Upgrade (or, given `-1` or `base`, downgrade) the database at `url`."""
    config = _config(service, url)
    if to == "base" or to.startswith("-"):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def head_revision(service: str) -> str | None:
    """The newest revision that the service ships."""
    return ScriptDirectory.from_config(_config(service, "")).get_current_head()


def check_migrations(service: str, url: str) -> None:
    """Raise `alembic.util.CommandError` when the migrations do not make the tables that the code declares."""
    command.check(_config(service, url))
