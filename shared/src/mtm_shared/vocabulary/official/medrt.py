"""Reading MED-RT (Medication Reference Terminology), the file `Core_MEDRT_<date>_XML.xml`.

Source: U.S. Department of Veterans Affairs, distributed by NCI EVS; public domain. What is kept is what it says of
RxNorm ingredients: what they may treat, what contraindicates them, how they act, and their established pharmacologic
class, which this file states as `Parent Of` from the class to the ingredient and not as an association of its own.
MeSH targets are ConceptUIs (M0017099), not descriptors.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import Assertion, MedRt, Progress
from mtm_shared.vocabulary.official.rrf import rxcui_of
from mtm_shared.vocabulary.official.sources import the_one_file
from mtm_shared.vocabulary.official.tally import REAL, Limits, Tally, shown
from mtm_shared.vocabulary.official.xml import events, local, text_of

MEMBERSHIP: Final = "Parent Of"
RELATIONS: Final = frozenset(
    {
        MEMBERSHIP,
        "may_treat",
        "may_prevent",
        "may_diagnose",
        "induces",
        "CI_with",
        "CI_ChemClass",
        "CI_MoA",
        "CI_PE",
        "has_SC",
        "has_MoA",
        "has_PE",
        "has_PK",
        "has_TC",
    }
)
_RXNORM, _MEDRT = "RxNorm", "MED-RT"
_ALPHABETICAL: Final = "HC"
_KIND: Final = re.compile(r".+ \[([A-Za-z/]+)\]")
_CODES: Final = {_MEDRT: re.compile(r"N[0-9]{10}"), "MeSH": re.compile(r"M[0-9]{7,9}")}
_MOST_NAMES: Final = 50


class _Stated(NamedTuple):
    """An association on an RxNorm concept as read, before its other end is known."""

    line: int
    assertion: Assertion
    drug: str


class _Content:
    """What has been read so far."""

    def __init__(self) -> None:
        self.edition = ""
        self.names: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.stated: list[_Stated] = []


def read_medrt(path: Path, progress: Progress, *, limits: Limits = REAL) -> MedRt:
    """Every assertion on an RxNorm concept; raises `OfficialFileError` when the file must not be used."""
    given = the_one_file(path, r"Core_MEDRT.*\.xml", "the MED-RT Core XML file")
    tally = Tally("MED-RT", OfficialFile(given, progress), limits)
    content = _Content()
    for event, element, depth in events(tally.file, "terminology"):
        if event == "start" or depth != 1:
            continue
        tally.rows += 1
        name = local(element.tag)
        if name == "concept":
            _read_concept(element, content, tally)
        elif name == "association":
            _read_association(element, content, tally)
        else:
            tally.set_aside[f"element {name}"[:40]] += 1
            if name == "namespace" and text_of(element, "name") == _MEDRT:
                content.edition = text_of(element, "version")
        element.clear()
    assertions = _settled(content, tally)
    return MedRt(content.edition, assertions, (tally.finish(content.edition),))


def _read_concept(element: Element, content: _Content, tally: Tally) -> None:
    code, name = text_of(element, "code"), text_of(element, "name")
    if text_of(element, "namespace") != _MEDRT:
        tally.set_aside["concept of another namespace"] += 1
    elif not _CODES[_MEDRT].fullmatch(code) or not name:
        tally.reject("bad_value", None, f"concept {shown(name)} has the code {shown(code)}")
    elif content.names.setdefault(code, name) != name:
        tally.reject("conflicting_rows", None, f"{code} is {shown(name)} and {shown(content.names[code])}")
    else:
        tally.set_aside["concept"] += 1
        kinds = [text_of(part, "value") for part in element if text_of(part, "name") == "CTY"]
        if len(kinds) == 1:
            content.kinds[code] = kinds[0]


def _read_association(element: Element, content: _Content, tally: Tally) -> None:
    relation = text_of(element, "name")
    ends = [
        (text_of(element, f"{end}_namespace"), text_of(element, f"{end}_code"), text_of(element, f"{end}_name"))
        for end in ("from", "to")
    ]
    of_rxnorm = [end for end in ends if end[0] == _RXNORM]
    if not relation or not all(part for end in ends for part in end):
        tally.reject("bad_value", None, f"association {shown(relation)} lacks a name, code or namespace at an end")
    elif len(of_rxnorm) != 1:
        tally.set_aside["not on RxNorm"] += 1
    elif relation not in RELATIONS:
        distinct = sum(reason.startswith("relation ") for reason in tally.set_aside)
        tally.set_aside[f"relation {relation[:40]}" if distinct < _MOST_NAMES else "relation (others)"] += 1
    else:
        _state(relation, ends, content, tally)


def _state(relation: str, ends: list[tuple[str, str, str]], content: _Content, tally: Tally) -> None:
    """Membership leads from the class to the drug, everything else from the drug to its target."""
    (drug_space, rxcui, drug), (space, code, name) = reversed(ends) if relation == MEMBERSHIP else ends
    pattern = _CODES.get(space)
    if drug_space != _RXNORM:
        tally.reject("wrong_direction", None, f"{relation} leads from {ends[0][0]} to {ends[1][0]}")
    elif rxcui_of(rxcui) is None:
        tally.reject("bad_value", None, f"RxNorm code {shown(rxcui)} of {shown(drug)} is not a number")
    elif pattern is None:
        tally.set_aside["target in another namespace"] += 1
    elif not pattern.fullmatch(code):
        tally.reject("bad_value", None, f"{space} code {shown(code)} of {shown(name)} is not one")
    else:
        tally.used += 1
        content.stated.append(_Stated(tally.rows, Assertion(rxcui, relation, space, code, name), drug))


def _settled(content: _Content, tally: Tally) -> tuple[Assertion, ...]:
    """The assertions with the kind of each target; a code must have one name wherever it stands."""
    drugs: dict[str, str] = {}
    targets = {(_MEDRT, code): name for code, name in content.names.items()}
    found: set[Assertion] = set()
    for _, assertion, drug in content.stated:
        target = (assertion.target_namespace, assertion.target_code)
        before = (drugs.setdefault(assertion.rxcui, drug), targets.setdefault(target, assertion.target_name))
        if before != (drug, assertion.target_name):
            problem = f"{assertion.rxcui} {shown(drug)} or {target[1]} {shown(assertion.target_name)} has another name"
            tally.take_back("conflicting_rows", f"{problem} elsewhere in the file: {before}")
            continue
        kind = _kind_of(assertion, content)
        if assertion.relation == MEMBERSHIP and kind == _ALPHABETICAL:
            tally.used -= 1
            tally.set_aside["alphabetical bin"] += 1
            continue
        if assertion.relation == MEMBERSHIP and not kind:
            tally.used -= 1
            tally.set_aside["class of unknown kind"] += 1
            continue
        settled = assertion._replace(target_kind=kind)
        if settled in found:
            tally.used -= 1
            tally.set_aside["repeated"] += 1
        found.add(settled)
    return tuple(sorted(found, key=lambda one: (int(one.rxcui), one[1:])))


def _kind_of(assertion: Assertion, content: _Content) -> str:
    """EPC, MoA, PE and so on: the concept's own property, else what stands in brackets behind the name."""
    if assertion.target_namespace != _MEDRT:
        return ""
    written = _KIND.fullmatch(assertion.target_name)
    return content.kinds.get(assertion.target_code) or (written[1] if written else "")
