"""What the readers of the official files answer, and how they refuse.

Agencies publish drugs, codes and prices as plain files. A file that was cut short, reordered or is not the one it is
taken for must never become a wrong row, so a reader either gives records of which every row is accounted for
(`SourceFile`), or raises `OfficialFileError` naming the file, the line and what was expected.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mtm_shared.vocabulary.model import Product

Progress = Callable[[str, int, int], None]
"""Called some times a second at most: file name, bytes read so far, bytes in all (0 when not known)."""


class OfficialFileError(ValueError):
    """A file that must not be used: `code` is stable, `line` counts from 1 where a line is to blame.

    Codes: `missing_file`, `wrong_file`, `empty_file`, `not_utf8`, `not_xml`, `truncated`, `damaged_archive`,
    `wrong_columns`, `wrong_order`, `bad_value`, `too_few_rows`, `conflicting_rows`, `one_sided`, `mixed_releases`,
    `wrong_direction`, `wrong_count`, `given_twice`.
    """

    def __init__(self, code: str, file: str, problem: str, *, line: int | None = None) -> None:
        self.code = code
        self.file = file
        self.line = line
        self.problem = problem
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {problem}")


class SourceFile(NamedTuple):
    """One file that was read: `rows` = `used` + everything in `set_aside` + everything in `rejected`.

    `sha256` and `size_bytes` are of the file as unpacked, so that a folder, a .gz and a .zip of the same file agree;
    `edition` is what the file or its folder says of itself, or "".
    `set_aside` counts good rows that are not for us, by reason; `rejected` counts malformed rows, by code, and
    `examples` shows the first few of those with their lines.
    """

    kind: str
    name: str
    edition: str
    sha256: str
    size_bytes: int
    rows: int
    used: int
    set_aside: Mapping[str, int]
    rejected: Mapping[str, int]
    examples: tuple[str, ...] = ()


class RxNormIngredient(NamedTuple):
    """An RxNorm ingredient (TTY IN): its name, what else RxNorm calls it, and its brands in order."""

    rxcui: str
    name: str
    synonyms: tuple[str, ...]
    brands: tuple[str, ...]


class RxNormContent(NamedTuple):
    """RxNorm's own concepts (SAB=RXNORM, SUPPRESS=N) as the vocabulary uses them, all by RxCUI.

    `products` are SCD, SBD, SCDC, SBDC, BN, PIN, MIN, GPCK and BPCK; `synonyms` their other names (SY, TMSY, PSN);
    `members` the drugs in a pack; `retired` leads from an RxCUI no longer in use to what stands for it now (empty
    when nothing does).
    """

    ingredients: Mapping[str, RxNormIngredient]
    products: Mapping[str, Product]
    synonyms: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    ndcs: Mapping[str, str]
    retired: Mapping[str, tuple[str, ...]]
    files: tuple[SourceFile, ...]


class Package(NamedTuple):
    """One package of the FDA NDC Directory with its product; `ndc` has 11 digits, `schedule` is `CII`..`CV` or ""."""

    ndc: str
    product_ndc: str
    labeler: str
    proprietary_name: str
    nonproprietary_name: str
    substances: tuple[str, ...]
    strengths: tuple[str, ...]
    form: str
    routes: tuple[str, ...]
    product_type: str
    marketing_category: str
    schedule: str
    classes: tuple[str, ...]
    start: date | None
    end: date | None
    sample: bool
    excluded: str


class NdcDirectory(NamedTuple):
    """The FDA NDC Directory by 11-digit NDC."""

    packages: Mapping[str, Package]
    files: tuple[SourceFile, ...]


class Assertion(NamedTuple):
    """What MED-RT says of an RxNorm ingredient: `may_treat`, `CI_with`, `has_MoA`, membership of a class (`Parent Of`).

    For `Parent Of` the target is the class and its kind (`EPC`, `MoA`...) stands in `target_kind`.
    """

    rxcui: str
    relation: str
    target_namespace: str
    target_code: str
    target_name: str
    target_kind: str = ""


class MedRt(NamedTuple):
    """MED-RT's assertions on RxNorm concepts, in the order of RxCUI, relation and target."""

    edition: str
    assertions: tuple[Assertion, ...]
    files: tuple[SourceFile, ...]


class DiagnosisCode(NamedTuple):
    """One ICD-10-CM code without its dot; `billable` when no longer code stands below it."""

    code: str
    title: str
    billable: bool


class Icd10Cm(NamedTuple):
    """ICD-10-CM of one edition."""

    edition: str
    codes: Mapping[str, DiagnosisCode]
    files: tuple[SourceFile, ...]


class Price(NamedTuple):
    """What pharmacies paid for a drug on average (NADAC), in USD for each unit (EA, ML or GM)."""

    ndc: str
    price: Decimal
    unit: str
    effective: date
    as_of: date
    otc: bool


class Nadac(NamedTuple):
    """The latest price of each NDC."""

    prices: Mapping[str, Price]
    files: tuple[SourceFile, ...]
