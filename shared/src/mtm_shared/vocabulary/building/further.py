"""MED-RT, ICD-10-CM and NADAC: content that the curated dictionary has none of, so nothing is overruled."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.official.records import Assertion, DiagnosisCode, Icd10Cm, MedRt, Nadac, OfficialFileError

_CATEGORY: Final = 3


def add_medrt(draft: Draft, content: MedRt) -> None:
    """Assertions on ingredients of the dictionary; those on others are counted."""
    draft.files.extend(content.files)
    found: dict[str, list[Assertion]] = defaultdict(list)
    for assertion in content.assertions:
        if assertion.rxcui in draft.ingredients:
            found[assertion.rxcui].append(assertion)
            draft.counts["assertions_added"] += 1
        else:
            draft.counts["assertions_on_unknown_ingredients"] += 1
    draft.assertions.update((rxcui, tuple(assertions)) for rxcui, assertions in found.items())


def add_icd10cm(draft: Draft, content: Icd10Cm) -> None:
    """One edition; of several, the last one added gives the title, and no code of an earlier one is lost."""
    _check_editions(draft, content)
    draft.files.extend(content.files)
    earlier = draft.codes.keys() - content.codes.keys()
    draft.counts["codes_of_earlier_editions"] = sum(draft.codes[code].title != "" for code in earlier)
    draft.codes.update(content.codes)
    draft.codes.update((code, DiagnosisCode(code, "", False)) for code in _headers(draft.codes))


def _check_editions(draft: Draft, content: Icd10Cm) -> None:
    """One file twice is a slip of who meant two years, and titles of an older edition must not win."""
    for file in content.files:
        for known in draft.files:
            if known.sha256 == file.sha256:
                raise OfficialFileError("given_twice", file.name, f"is the same file as {known.name}, given before it")
            if known.kind.startswith("ICD-10-CM") and known.edition > file.edition > "":
                raise OfficialFileError(
                    "wrong_order",
                    file.name,
                    f"is the edition {file.edition}, and {known.edition} was given before it; give the oldest first",
                )


def _headers(codes: Mapping[str, DiagnosisCode]) -> set[str]:
    """The headers above the codes that a list of billable codes leaves out; X only fills a place."""
    above = {code[:length] for code in codes for length in range(_CATEGORY, len(code))}
    return {code for code in above - codes.keys() if not code.endswith("X")}


def check_condition_codes(draft: Draft) -> None:
    """Note every prefix of a curated condition that no official code has."""
    if not draft.codes:
        return
    prefixes = {code[:length] for code in draft.codes for length in range(_CATEGORY, len(code) + 1)}
    for condition in draft.curated.conditions.conditions.values():
        for prefix in (*condition.includes, *condition.excludes):
            if prefix not in prefixes:
                draft.disagree("condition_code", condition.id, prefix, "no such code")


def add_nadac(draft: Draft, content: Nadac) -> None:
    """Every price, also of an NDC that leads to no drug."""
    draft.files.extend(content.files)
    draft.prices.update(content.prices)
    draft.counts["prices_of_unknown_ndcs"] = len(content.prices.keys() - draft.ndcs.keys())
