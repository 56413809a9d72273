"""Settings of the documents service."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.web import ServiceSettings, variable


@dataclass(frozen=True, slots=True)
class DocumentsSettings(ServiceSettings):
    """What the documents service needs beside the common settings."""

    wording: Path | None = variable(
        "MTM_WORDING", "folder of official wording laid over the shipped catalogues", default=None, parse=Path
    )
