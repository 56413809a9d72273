"""One open file serves threads and forked workers."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.built import BuiltFileError, open_built, read_seal
from mtm_shared.vocabulary.built.file import BuiltFile
from mtm_shared.vocabulary.built.stored import StoredTable

from .conftest import write


def forgetful(path: Path) -> StoredTable[str]:
    """The NDCs, each read from the file every time."""
    return StoredTable(BuiltFile(path, read_seal(path)), "drugs_ndcs", str, rows=0, remembered=0)


def test_threads_get_the_answers_to_their_own_questions(vocabulary: Vocabulary, built_path: Path) -> None:
    ndcs = vocabulary.tables.drugs.ndcs
    table = forgetful(built_path)

    def wrong(seed: int) -> int:
        asked = random.Random(seed).choices(list(ndcs), k=1_500)
        return sum(table[ndc] != ndcs[ndc] for ndc in asked)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(wrong, range(8))) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_worker_opens_the_file_for_itself(vocabulary: Vocabulary, built_path: Path) -> None:
    ndcs = vocabulary.tables.drugs.ndcs
    asked = list(ndcs)[::50]
    table = forgetful(built_path)
    assert table[asked[0]] == ndcs[asked[0]]

    child = os.fork()
    if child == 0:
        os._exit(0 if all(table[ndc] == ndcs[ndc] for ndc in asked) else 1)

    assert all(table[ndc] == ndcs[ndc] for ndc in asked)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def other_edition(vocabulary: Vocabulary, folder: Path) -> Path:
    """The shipped dictionary under another name, and so another file."""
    return write(replace(vocabulary.tables, version="next month"), folder / "next.mtmv")


def test_file_that_is_replaced_goes_on_answering(vocabulary: Vocabulary, built_path: Path, tmp_path: Path) -> None:
    ndcs = vocabulary.tables.drugs.ndcs
    path = Path(copyfile(built_path, tmp_path / "vocabulary.mtmv"))
    table = forgetful(path)
    first, *others = list(ndcs)[::50]
    assert table[first] == ndcs[first]
    other_edition(vocabulary, tmp_path).replace(path)

    assert all(table[ndc] == ndcs[ndc] for ndc in others)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_worker_forked_after_a_replacement_refuses_the_other_file(
    vocabulary: Vocabulary, built_path: Path, tmp_path: Path
) -> None:
    path = Path(copyfile(built_path, tmp_path / "vocabulary.mtmv"))
    table = forgetful(path)
    ndc = next(iter(table))
    other_edition(vocabulary, tmp_path).replace(path)

    child = os.fork()
    if child == 0:
        try:
            table[ndc]
        except BuiltFileError as refused:
            os._exit(0 if "it was replaced" in str(refused) else 2)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_table_reads_like_a_mapping(vocabulary: Vocabulary, built_path: Path) -> None:
    table = open_built(built_path).drugs.ndcs
    ndcs = vocabulary.tables.drugs.ndcs

    assert list(table) == sorted(ndcs)
    assert dict(table.items()) == ndcs
    assert sorted(table.values()) == sorted(ndcs.values())
    assert len(table) == len(ndcs)
    assert "00071015723" in table
    assert "nothing" not in table
    assert table.get("nothing", "-") == "-"
    with pytest.raises(KeyError):
        table["nothing"]
