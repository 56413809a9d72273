"""Settings of the eligibility service: the shared ones, where imported files wait, and the key of call-back PINs."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.web import ServiceSettings, variable

IMPORT_LIMIT = 2 * 1024**3
SHORTEST_PIN_KEY = 32
_DEVELOPMENT_PIN_KEY = "openmtm-development-pins"


@dataclass(frozen=True, slots=True)
class EligibilitySettings(ServiceSettings):
    """`data_dir` must be the same folder for the service and its worker: in containers, a shared volume."""

    data_dir: Path = variable(
        "MTM_DATA_DIR",
        "folder for uploaded files until they are imported, shared by service and worker",
        default=Path("var"),
        parse=Path,
    )

    pin_key: str = variable(
        "MTM_PIN_KEY",
        "secret key that call-back PINs are kept with, at least 32 characters (development has one of its own)",
        default="",
        secret=True,
    )

    @property
    def key_of_pins(self) -> bytes:
        """The key that PINs are found and proved with; another key voids every PIN."""
        return (self.pin_key or _DEVELOPMENT_PIN_KEY).encode()

    def faults(self) -> list[str]:
        """In production the folder must be said, because members' claims lie in it, and so must the key of PINs."""
        # A dataclass with slots has no zero-argument super().
        faults = ServiceSettings.faults(self)
        if not self.development and self.data_dir == Path("var"):
            faults.append("MTM_DATA_DIR must be set")
        if not self.development and len(self.pin_key) < SHORTEST_PIN_KEY:
            faults.append(f"MTM_PIN_KEY must be set to at least {SHORTEST_PIN_KEY} characters")
        return faults
