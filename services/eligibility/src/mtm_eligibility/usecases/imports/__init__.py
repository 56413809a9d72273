"""Imports of files: lines become items (one reader for each format), items are loaded, every row is accounted for.

A row is used, replaced, deleted or rejected with a code; the counts are checked before an import is done, so that a
row can never vanish (ARCHITECTURE.md, law 6). Members come first: claims of members that are not known are rejected,
because no determination could be made on them.
"""
