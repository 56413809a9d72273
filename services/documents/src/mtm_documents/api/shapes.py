"""Between stored documents and the wire."""

from collections.abc import Mapping, Sequence
from typing import Any

from mtm_shared.contracts.documents import DocumentDelivery, DocumentRecord, Gap

from mtm_documents.storage.deliveries import SENT


def document_record(row: Mapping[Any, Any], deliveries: Sequence[Mapping[Any, Any]] = ()) -> DocumentRecord:
    """A stored document as it is shown, with what became of it on its way."""
    values = {str(name): value for name, value in row.items() if name not in ("pdf", "html")}
    gaps = [Gap(**gap) for gap in values.pop("gaps")]
    content_url = f"/v1/documents/{values['document_id']}/content"
    history = [DocumentDelivery(**{str(name): value for name, value in one.items()}) for one in deliveries]
    delivered_on = min((one.sent_on for one in history if one.status in SENT), default=None)
    return DocumentRecord(**values, gaps=gaps, content_url=content_url, deliveries=history, delivered_on=delivered_on)
