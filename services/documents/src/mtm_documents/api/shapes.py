"""Between stored documents and the wire."""

from mtm_shared.contracts.documents import DocumentRecord, Gap
from sqlalchemy import RowMapping


def document_record(row: RowMapping) -> DocumentRecord:
    """A stored document as it is shown."""
    values = {str(name): value for name, value in row.items()}
    gaps = [Gap(**gap) for gap in values.pop("gaps")]
    content_url = f"/v1/documents/{values['document_id']}/content"
    return DocumentRecord(**values, gaps=gaps, content_url=content_url)
