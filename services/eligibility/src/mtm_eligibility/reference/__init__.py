"""What a pharmacist or a compliance officer edits: one complete file per programme and plan year, and CMS's bounds.

Nothing is inherited between files and nothing is carried forward (ARCHITECTURE.md, law 4). All files are read when
the service starts; one that cannot be used stops it, naming the file, the key and the value.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from mtm_shared.reference import ReferenceDataError, fingerprint

from mtm_eligibility.domain.program import Program
from mtm_eligibility.reference.guardrails import check, read_guardrails
from mtm_eligibility.reference.program_file import read_program

FOLDER = Path(__file__).parent
PROGRAMS = FOLDER / "programs"
GUARDRAILS = FOLDER / "guardrails.toml"


@cache
def load_programs(folder: Path = PROGRAMS, guardrails: Path = GUARDRAILS) -> Mapping[str, Program]:
    """Every programme of the folder by its id, in order; raises `ReferenceDataError` for the first unusable file."""
    bounds = read_guardrails(guardrails)
    programs: dict[str, Program] = {}
    for path in sorted(folder.glob("*.toml")):
        program = read_program(path)
        check(program, bounds, path.name)
        programs[program.program_id] = program
    if not programs:
        raise ReferenceDataError(folder.name, "holds no programme")
    return MappingProxyType(programs)


@cache
def rules_fingerprint(program_id: str) -> str:
    """Hash of the files that decide under the programme: its own, and CMS's bounds. KeyError for an unknown id."""
    if program_id not in load_programs():
        raise KeyError(program_id)
    return fingerprint(PROGRAMS / f"{program_id}.toml", GUARDRAILS)


__all__ = ["ReferenceDataError", "load_programs", "rules_fingerprint"]
