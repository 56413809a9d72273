"""Settings of the eligibility service: the shared ones, and where imported files wait for the worker."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.web import ServiceSettings, variable

IMPORT_LIMIT = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class EligibilitySettings(ServiceSettings):
    """`data_dir` must be the same folder for the service and its worker: in containers, a shared volume."""

    data_dir: Path = variable(
        "MTM_DATA_DIR",
        "folder for uploaded files until they are imported, shared by service and worker",
        default=Path("var"),
        parse=Path,
    )

    def faults(self) -> list[str]:
        """In production the folder must be said, because members' claims lie in it."""
        # A dataclass with slots has no zero-argument super().
        faults = ServiceSettings.faults(self)
        if not self.development and self.data_dir == Path("var"):
            faults.append("MTM_DATA_DIR must be set")
        return faults
