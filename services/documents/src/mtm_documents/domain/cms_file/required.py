"""Which fields a row must fill, by what the row itself says (`required_when` of the layout)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mtm_documents.domain.cms_file.layout import Layout, When
from mtm_documents.domain.cms_file.row import Row

_HOLDS: Final[Mapping[When, Callable[[Row], bool]]] = {
    When.ALWAYS: lambda _: True,
    When.OPTIONAL: lambda _: False,
    When.CRITERIA_MET: lambda row: row.met_criteria,
    When.OPTED_OUT: lambda row: row.day("opted_out_on") is not None,
    When.CMR_OFFERED: lambda row: row.text("cmr_offered") == "Y",
    When.CMR_RECEIVED: lambda row: row.text("cmr_received") == "Y",
    When.TMR_PERFORMED: lambda row: row.number("tmr_count") > 0,
    When.SAFE_DISPOSAL_SENT: lambda row: row.text("safe_disposal") == "Y",
}


def missing(row: Row, layout: Layout) -> Iterator[str]:
    """The names of required fields that are blank."""
    for field in layout.fields:
        if _HOLDS[field.required_when](row) and row.values.get(field.name) is None:
            yield field.name
