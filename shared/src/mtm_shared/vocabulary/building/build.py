"""The build: curated tables, official files one after the other, indexes, one sealed file, a report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from mtm_shared.vocabulary.building.difference import differences
from mtm_shared.vocabulary.building.directory import add_directory
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.further import add_icd10cm, add_medrt, add_nadac, check_condition_codes
from mtm_shared.vocabulary.building.indexes import indexes_of, names_of
from mtm_shared.vocabulary.building.kept import keep_ndcs
from mtm_shared.vocabulary.building.report import BuildReport
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.building.sources import Sources, Stage, edition_print
from mtm_shared.vocabulary.built import write_built
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA, load_tables, open_tables
from mtm_shared.vocabulary.drugs import DrugTables
from mtm_shared.vocabulary.official.icd10cm import read_icd10cm
from mtm_shared.vocabulary.official.medrt import read_medrt
from mtm_shared.vocabulary.official.nadac import read_nadac
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from mtm_shared.vocabulary.official.records import NdcDirectory, Progress
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from mtm_shared.vocabulary.tables import OfficialTables, Tables

_CATEGORY: Final = 3
_T = TypeVar("_T")


def build(
    sources: Sources,
    out: Path,
    *,
    version: str | None = None,
    previous: Path | None = None,
    keep: bool = False,
    overlay: Path = PACKAGED_DATA,
    progress: Progress | None = None,
    stage: Stage | None = None,
) -> BuildReport:
    """Build the file at `out`. The same files, dictionary and version make the same bytes.

    `keep` takes over from `previous` the NDCs that the files no longer have; then it is one of the files.
    Raises `OfficialFileError` for an official file that must not be used, `ReferenceDataError` for a mistake in the
    dictionary or in the previous build; nothing is written then.
    """
    stage = stage or _unheard
    stage("reading the curated dictionary")
    curated = load_tables(overlay)
    before = open_tables(previous) if previous is not None else None
    draft = Draft(curated)
    read_sources(draft, sources, progress or _unseen, stage)
    if keep and before is not None:
        keep_ndcs(draft, before)
    return finish(draft, out, version=version, before=before, stage=stage)


def read_sources(draft: Draft, sources: Sources, progress: Progress, stage: Stage) -> None:
    """Read every file that is named into the draft."""

    def read(
        name: str, path: Path | None, reader: Callable[[Path, Progress], _T], add: Callable[[Draft, _T], None]
    ) -> None:
        if path is not None:
            stage(f"reading {name}")
            add(draft, reader(path, progress))

    read("RxNorm", sources.rxnorm, read_rxnorm, add_rxnorm)
    read("the NDC Directory", sources.ndc, read_ndc_directory, _place)
    read("MED-RT", sources.medrt, read_medrt, add_medrt)
    for path in sources.icd10:
        read("ICD-10-CM", path, read_icd10cm, add_icd10cm)
    check_condition_codes(draft)
    read("NADAC", sources.nadac, read_nadac, add_nadac)


def _place(draft: Draft, directory: NdcDirectory) -> None:
    add_directory(draft, directory, names_of(draft.curated.drugs, _drugs(draft), draft.synonyms))


def finish(draft: Draft, out: Path, *, version: str | None, before: Tables | None, stage: Stage) -> BuildReport:
    """Write the draft and say what it is."""
    files = tuple(draft.files)
    drugs = _drugs(draft)
    tables = replace(
        draft.curated,
        version=version or edition_print(draft.curated.version, draft.curated.sha256 + draft.kept_of, files),
        drugs=drugs,
        retired=draft.retired,
        conditions=replace(draft.curated.conditions, categories=_categories(draft)),
        official=OfficialTables(files, draft.codes, draft.assertions, draft.prices, draft.confirmed),
    )
    stage("comparing with the previous build" if before else "indexing")
    changed = differences(before, tables) if before else {}
    indexes = indexes_of(draft.curated.drugs, drugs, draft.synonyms, draft.product_synonyms)
    digest = write_built(tables, indexes, out, written=lambda name, rows: stage(f"written {rows:,} {name}"))
    return BuildReport(
        version=tables.version,
        sha256=f"sha256:{digest}",
        size_bytes=out.stat().st_size,
        holds=_holds(tables),
        files=files,
        counts=dict(sorted(draft.counts.items())),
        conflicts=tuple(sorted(draft.conflicts)),
        not_placed=tuple(draft.not_placed),
        against=before.version if before else "",
        differences=changed,
    )


def _drugs(draft: Draft) -> DrugTables:
    return replace(
        draft.curated.drugs,
        ingredients=draft.ingredients,
        names=draft.names,
        products=draft.products,
        ndcs=draft.ndcs,
        flag_sources=draft.flag_sources,
    )


def _categories(draft: Draft) -> dict[str, str]:
    """Curated categories, and those that a newer edition brought."""
    found = dict(draft.curated.conditions.categories)
    for code in draft.codes:
        category = code[:_CATEGORY]
        if category not in found:
            known = draft.codes.get(category)
            found[category] = known.title if known else ""
    return found


def _holds(tables: Tables) -> dict[str, int]:
    return {
        "ingredients": len(tables.drugs.ingredients),
        "products": len(tables.drugs.products),
        "NDCs": len(tables.drugs.ndcs),
        "retired RxCUIs": len(tables.retired),
        "conditions": len(tables.conditions.conditions),
        "ICD-10-CM codes": len(tables.official.codes),
        "ingredients with MED-RT assertions": len(tables.official.assertions),
        "prices": len(tables.official.prices),
    }


def _unseen(name: str, read: int, total: int) -> None:
    pass


def _unheard(stage: str) -> None:
    pass
