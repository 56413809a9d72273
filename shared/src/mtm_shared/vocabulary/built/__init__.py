"""A vocabulary as one immutable file: written once by `mtm-vocabulary build`, sealed, read in place by many workers.

The file is an SQLite database (docs/adr/0013 says why): a sorted table of key and value for each part of the dictionary
that is large, and one row for each part that is small. `write_built` writes a `Tables`, `open_built` gives one back
that answers alike without having been read.
"""

from mtm_shared.vocabulary.built.reading import open_built
from mtm_shared.vocabulary.built.sealing import BuiltFileError, is_built, read_seal
from mtm_shared.vocabulary.built.writing import Indexes, write_built

__all__ = ["BuiltFileError", "Indexes", "is_built", "open_built", "read_seal", "write_built"]
