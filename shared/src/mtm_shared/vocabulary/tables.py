"""All that a `Vocabulary` looks things up in: its parts are mappings, held in memory or stored in a built file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mtm_shared.vocabulary.conditions import ConditionTables
from mtm_shared.vocabulary.drugs import DrugTables
from mtm_shared.vocabulary.lookups import NameTable, ProductTable
from mtm_shared.vocabulary.official.records import Assertion, DiagnosisCode, Price, SourceFile
from mtm_shared.vocabulary.wording import Wording


@dataclass(frozen=True, slots=True)
class OfficialTables:
    """What only official files tell: none of it is in the packaged dictionary.

    `codes` holds every ICD-10-CM code (no dots); `assertions` and `prices` go by RxCUI and by 11-digit NDC; `confirmed`
    names the edition that has a curated ingredient's RxCUI and name just so.
    """

    sources: tuple[SourceFile, ...] = ()
    codes: Mapping[str, DiagnosisCode] = field(default_factory=lambda: MappingProxyType({}))
    assertions: Mapping[str, tuple[Assertion, ...]] = field(default_factory=lambda: MappingProxyType({}))
    prices: Mapping[str, Price] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Tables:
    """One edition of the dictionary."""

    version: str
    sha256: str
    drugs: DrugTables
    names: NameTable
    products: ProductTable
    wording: Wording
    conditions: ConditionTables
    # Folded misspelling, and RxCUI no longer in use, to the RxCUIs that are meant.
    misspellings: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    retired: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    official: OfficialTables = OfficialTables()
