"""The shipped dictionary as a built file, with every table large enough to stay in the file."""

from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.building.indexes import indexes_of
from mtm_shared.vocabulary.built import write_built
from mtm_shared.vocabulary.tables import Tables


def write(tables: Tables, out: Path, whole_below: int = 2) -> Path:
    """The tables as they are, without official content."""
    write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), out, whole_below=whole_below)
    return out


@pytest.fixture(scope="session")
def built_path(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dictionary, built."""
    return write(vocabulary.tables, tmp_path_factory.mktemp("built") / "packaged.mtmv")


@pytest.fixture(scope="session")
def built(built_path: Path) -> Vocabulary:
    """The built dictionary, open."""
    return load_vocabulary(built_path)
