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
    cms_rules: Path | None = variable(
        "MTM_CMS_RULES", "folder of CMS file layouts and measures laid over the shipped ones", default=None, parse=Path
    )
