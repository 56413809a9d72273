"""A dictionary of a few rows that a test may spoil, and the one that is shipped."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA

Change = Callable[[list[dict[str, str]]], None]

_TABLES = {
    "classes": ["id,name,note", "statin,Statin,", "medical_supply,Medical supply,No drug"],
    "ingredients": [
        "rxcui,name,family,classes,routes,brands,synonyms,source,status",
        "83367,atorvastatin,atorvastatin,statin,oral,Lipitor,,a list,final",
        "36567,simvastatin,simvastatin,statin,oral,Zocor,,a list,final",
    ],
    "flags": [
        "rxcui,flag,value,source,status",
        "83367,maintenance,yes,own curation,unverified",
        "36567,schedule,5,a list,final",
    ],
    "devices": [
        "id,name,brands,synonyms,part_d,source,status",
        "device:pen_needle,pen needle,NovoFine,,yes,a rule,unverified",
        "device:spacer,inhaler spacer,,spacer,no,a rule,unverified",
    ],
    "products": [
        "rxcui,tty,name,ingredients,strength,form,route,brand,source",
        "617311,SCD,atorvastatin 40 MG Oral Tablet,83367,40 MG,Oral Tablet,oral,,a list",
        "153165,BN,Lipitor,83367,,,,Lipitor,a list",
    ],
    "aliases": ["name,ingredients,source", "two statins,36567+83367,a list"],
    "ndcs": ["ndc,product,source", "00071015723,617311,a list"],
    "misspellings": ["written,rxcui,source", "Lipator,153165,a list"],
    "retired": ["rxcui,now,source,status", "203144,83367,a list,unverified"],
    "words": ["word,kind,written", "tablet,tablet,"],
    "icd10cm_categories": ["code,title", "E78,Disorders of lipoprotein metabolism and other lipidemias"],
    "conditions": [
        "id,name,plain_name,name_es,core_category,single_claim_settings,single_claim_minimum,other_claim_minimum,"
        "days_apart,look_back_days,citation,status",
        "dyslipidemia,Dyslipidemia,high cholesterol,colesterol alto,dyslipidemia,inpatient,1,2,1,730,a rule,unverified",
    ],
    "condition_codes": [
        "condition,icd10,sense,source",
        "dyslipidemia,E78,include,a list",
        "dyslipidemia,E786,exclude,a list",
    ],
    "snomed": [
        "concept,condition,name,source,status",
        "55822004,dyslipidemia,Hyperlipidemia,a list,unverified",
        "10509002,,Acute bronchitis,a list,unverified",
    ],
    "rxhcc": [
        "model,category,label,condition,relation,source,status",
        "V08,RXHCC47,Disorders of Lipoid Metabolism,dyslipidemia,within,a list,unverified",
        "V08,RXHCC5,Opportunistic Infections,,,a list,unverified",
    ],
}


class SmallDictionary:
    """A folder that loads, until a test changes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "edition.toml").write_text('version = "2026.11.0"\n', encoding="utf-8")
        for name, lines in _TABLES.items():
            self._write(name, "\n".join(lines) + "\n", rows=len(lines) - 1)

    def change(self, name: str, row: int, column: str, value: str) -> None:
        """Set one value; rows count from zero."""
        self._edit(name, lambda rows: rows[row].update({column: value}))

    def repeat(self, name: str, row: int) -> None:
        """Write a row twice."""
        self._edit(name, lambda rows: rows.append(dict(rows[row])))

    def drop(self, name: str, row: int) -> None:
        """Leave a row out."""
        self._edit(name, lambda rows: rows.remove(rows[row]))

    def load(self) -> Vocabulary:
        """The vocabulary of the folder as it is now."""
        return load_vocabulary(self.folder)

    def _edit(self, name: str, change: Change) -> None:
        path = self.folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0])
        change(rows)
        lines = [columns, *([row[column] for column in columns] for row in rows)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
        self._sidecar(name, len(rows))

    def _write(self, name: str, text: str, rows: int) -> None:
        (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        self._sidecar(name, rows)

    def _sidecar(self, name: str, rows: int) -> None:
        about = f'source = "a list"\nedition = "1"\nlicence = "none"\nrows = {rows}\nstatus = "unverified"\n'
        (self.folder / f"{name}.csv.toml").write_text(about, encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> SmallDictionary:
    """Two statins, one product, one NDC, one condition."""
    return SmallDictionary(tmp_path)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shipped data in a folder of its own."""
    return Path(shutil.copytree(PACKAGED_DATA, tmp_path / "data"))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    return load_vocabulary()
