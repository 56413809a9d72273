"""Between stored documents and the wire."""

from collections.abc import Mapping, Sequence
from typing import Any

from mtm_shared.contracts.documents import Delivery, DocumentRecord, Gap


def document_record(row: Mapping[Any, Any], sent: Sequence[Mapping[Any, Any]] = ()) -> DocumentRecord:
    """A stored document as it is shown."""
    values = {str(name): value for name, value in row.items() if name not in ("pdf", "html")}
    gaps = [Gap(**gap) for gap in values.pop("gaps")]
    content_url = f"/v1/documents/{values['document_id']}/content"
    deliveries = [Delivery(**{name: one[name] for name in Delivery.model_fields}) for one in sent]
    return DocumentRecord(**values, gaps=gaps, content_url=content_url, deliveries=deliveries)
