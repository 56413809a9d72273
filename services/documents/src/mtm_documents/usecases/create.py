"""Makes a document from what the other services hold. Nothing is stored here: no lock waits for another service."""

import uuid
from datetime import datetime
from typing import Any

from mtm_documents.forms.form import UnknownEditionError
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import Rendered
from mtm_documents.usecases.errors import EditionNotOffered, KindNotOffered, NoSubjectKind, NotThisSubject
from mtm_documents.usecases.gatherers import GATHERERS, MADE_FROM
from mtm_documents.usecases.ordering import Order, Sources, Subject


def check_order(kind: str, edition: str | None, subject: str) -> None:
    """Refuse what no subject could get: a form or an edition that there is not, or made from something else."""
    form, needs = FORMS.get(kind), MADE_FROM.get(kind)
    if form is None:
        raise KindNotOffered
    if needs is None:
        raise NoSubjectKind
    if edition is not None and edition not in form.editions:
        raise EditionNotOffered(form.editions)
    if subject != needs:
        raise NotThisSubject(kind, needs)


async def make_document(sources: Sources, order: Order, now: datetime) -> dict[str, Any]:
    """The document as a row to keep, both targets rendered; raises what `errors` and the clients name."""
    check_order(order.kind, order.format_edition, order.subject)
    subject = await GATHERERS[order.kind](sources, order)
    language = order.language or subject.member.language
    try:
        pdf, html = await sources.draw(order.kind, language, subject.value, sources.wording)
    except UnknownEditionError:
        raise EditionNotOffered(FORMS[order.kind].editions) from None
    return _row(order.kind, language, subject, pdf, html) | {"created_at": now}


def _row(kind: str, language: str, subject: Subject, pdf: Rendered, html: Rendered) -> dict[str, Any]:
    return {
        "document_id": uuid.uuid4().hex,
        "kind": kind,
        "language": language,
        "edition": pdf.edition,
        "member_id": subject.member.member_id,
        "review_id": subject.review_id,
        "enrollment_id": subject.enrollment_id,
        "plan_year": subject.plan_year,
        "due_on": subject.due_on,
        "dated": subject.value.dated,
        "pages": pdf.pages,
        "pdf": pdf.content,
        "sha256": pdf.sha256,
        "html": html.content,
        "html_sha256": html.sha256,
        "template_fingerprint": pdf.template_fingerprint,
        "wording_fingerprint": pdf.wording_fingerprint,
        "gaps": [{"code": gap.code.value, "where": gap.where, "detail": gap.detail} for gap in pdf.gaps],
    }
