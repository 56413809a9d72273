"""The tabular list of ICD-10-CM in XML, with its seventh characters added.

A code that needs a seventh character is not listed; the list of characters stands at the code or at one above it
(`sevenChrDef`), and applies to every code below that has no longer one. Codes shorter than six characters are filled
with X, so that the seventh stays the seventh (Official Guidelines, sections I.A.4 and I.A.5): W19 with A is W19XXXA.
A note may except some codes ("7th characters D and S do not apply to codes in category S06 with 6th character 7 ..."):
such a note is obeyed, and one that cannot be understood refuses the file.
"""

import re
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from mtm_shared.vocabulary.official.records import DiagnosisCode
from mtm_shared.vocabulary.official.tally import Tally, shown
from mtm_shared.vocabulary.official.xml import events, local

_EXCEPTION: Final = re.compile(r"7th characters? [^.]*\bnot apply\b")
_UNDERSTOOD: Final = re.compile(
    r"7th characters? ((?:[0-9A-Z](?:, | and |, and )?)+) do(?:es)? not apply to codes in category "
    r"([A-Z][0-9][0-9A-Z]) with 6th character ([0-9A-Z] - .+)"
)
_SIXTH: Final = re.compile(r"(?:^|, or |, )([0-9A-Z]) - ")
_DOTTED: Final = re.compile(r"[A-Z][0-9A][0-9A-Z](?:\.[0-9A-Z]{1,4})?")


class _Exception(NamedTuple):
    """Seventh characters that codes of a category with one of these sixth characters do not take."""

    category: str
    sixth: frozenset[str]
    sevenths: frozenset[str]

    def forbids(self, full: str) -> bool:
        """True for a whole code of seven characters that does not exist."""
        return full.startswith(self.category) and full[5] in self.sixth and full[6] in self.sevenths


class _Diagnosis:
    """A `diag` element that is open."""

    __slots__ = ("endings", "exceptions", "has_children", "name", "title")

    def __init__(self, inherited: dict[str, str], exceptions: tuple[_Exception, ...]) -> None:
        self.name = ""
        self.title = ""
        self.endings = inherited
        self.exceptions = exceptions
        self.has_children = False


def read_tabular(tally: Tally) -> tuple[str, dict[str, DiagnosisCode]]:
    """The version, and every code; a `diag` element is a row."""
    version = ""
    codes: dict[str, DiagnosisCode] = {}
    open_: list[_Diagnosis] = []
    inside = 0
    for event, element, depth in events(tally.file, "ICD10CM.tabular"):
        name = local(element.tag)
        if event == "start":
            if name == "diag":
                _open(open_)
                inside = depth
            continue
        if name == "diag":
            tally.rows += 1
            _close(open_.pop(), codes, tally)
            inside = depth - 1 if open_ else 0
            element.clear()
        elif open_ and depth == inside + 1:
            _describe(open_[-1], name, element, tally)
        elif name == "version" and depth == 1:
            version = (element.text or "").strip()
        elif not open_ and name in ("chapter", "section"):
            element.clear()
    return version, codes


def _open(open_: list[_Diagnosis]) -> None:
    if open_:
        above = open_[-1]
        above.has_children = True
        open_.append(_Diagnosis(above.endings, above.exceptions))
    else:
        open_.append(_Diagnosis({}, ()))


def _describe(diagnosis: _Diagnosis, name: str, element: Element, tally: Tally) -> None:
    text = " ".join((element.text or "").split())
    if name == "name":
        diagnosis.name = text
    elif name == "desc":
        diagnosis.title = text
    elif name == "sevenChrDef":
        if diagnosis.has_children:
            raise tally.file.refuse("wrong_order", f"sevenChrDef of {shown(diagnosis.name)} stands behind its codes")
        diagnosis.endings = {
            child.get("char", ""): " ".join((child.text or "").split())
            for child in element
            if local(child.tag) == "extension"
        }
    elif name == "notes":
        for note in element:
            _note(diagnosis, " ".join((note.text or "").split()), tally)


def _note(diagnosis: _Diagnosis, text: str, tally: Tally) -> None:
    if not _EXCEPTION.search(text):
        return
    found = _UNDERSTOOD.match(text)
    if found is None:
        raise tally.file.refuse("bad_value", f"a note on {diagnosis.name} is not understood: {shown(text)}")
    exception = _Exception(
        found[2], frozenset(_SIXTH.findall(found[3])), frozenset(re.findall(r"\b[0-9A-Z]\b", found[1]))
    )
    diagnosis.exceptions = (*diagnosis.exceptions, exception)


def _close(diagnosis: _Diagnosis, codes: dict[str, DiagnosisCode], tally: Tally) -> None:
    if not _DOTTED.fullmatch(diagnosis.name) or not diagnosis.title:
        tally.reject("bad_value", None, f"diag {shown(diagnosis.name)} with the title {shown(diagnosis.title)}")
        return
    code = diagnosis.name.replace(".", "")
    endings = {} if diagnosis.has_children or len(code) > 6 else diagnosis.endings
    if any(len(ending) != 1 or not ending.isalnum() or not ending.isascii() for ending in endings):
        tally.reject("bad_value", None, f"seventh characters of {code} are {shown(' '.join(endings))}")
        return
    if code in codes:
        tally.reject("conflicting_rows", None, f"code {code} stands twice")
        return
    tally.used += 1
    codes[code] = DiagnosisCode(code, diagnosis.title, billable=not diagnosis.has_children and not endings)
    for ending, meaning in endings.items():
        full = code.ljust(6, "X") + ending
        if any(exception.forbids(full) for exception in diagnosis.exceptions):
            continue
        codes[full] = DiagnosisCode(full, f"{diagnosis.title}, {meaning}", billable=True)
