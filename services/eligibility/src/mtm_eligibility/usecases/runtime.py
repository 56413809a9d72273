"""What every decision needs beside the facts: the vocabulary, the programmes and their fingerprints."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from mtm_eligibility.domain.program import Program
from mtm_eligibility.reference import load_programs, rules_fingerprint
from mtm_eligibility.usecases.errors import UnknownProgram
from mtm_eligibility.usecases.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Runtime:
    """Loaded once when a service or worker starts, and never changed."""

    lexicon: Lexicon
    programs: Mapping[str, Program]
    fingerprints: Mapping[str, str]
    versions: Mapping[str, str]

    @classmethod
    def load(cls, lexicon: Lexicon) -> "Runtime":
        """Read every programme file; a faulty one stops the start."""
        programs = load_programs()
        fingerprints = {program_id: rules_fingerprint(program_id) for program_id in programs}
        versions = {"vocabulary": lexicon.version, "service": _service_version()}
        return cls(lexicon, programs, fingerprints, versions)

    def program(self, program_id: str) -> Program:
        """A programme, or `UnknownProgram`."""
        try:
            return self.programs[program_id]
        except KeyError:
            raise UnknownProgram from None


def _service_version() -> str:
    try:
        return version("openmtm-eligibility")
    except PackageNotFoundError:
        return "0.0.0"
