"""Places that take unused medicines back, owned by the documents service (42 CFR 422.111(j)(4))."""

from pydantic import Field

from mtm_shared.contracts.common import Answer


class TakeBackSite(Answer):
    """A site of the sponsor's own table; `in_zip_code` is whether it is in the very ZIP code that was asked for."""

    site_id: str
    name: str
    address: str
    zip_code: str
    phone: str = ""
    hours: str = ""
    in_zip_code: bool = False


class RejectedSite(Answer):
    """A row that was not taken; `row` is the line of the file that it ends on."""

    row: int
    field: str
    code: str


class SitesImport(Answer):
    """`POST /v1/take-back-sites/imports`: rows_in = used + rejected. `removed` sites are in the table no more.

    `rejects` holds the first of them; `rejected_by_code` counts all.
    """

    rows_in: int = Field(ge=0)
    used: int = Field(ge=0)
    rejected: int = Field(ge=0)
    removed: int = Field(ge=0)
    rejected_by_code: dict[str, int] = {}
    rejects: list[RejectedSite] = []
