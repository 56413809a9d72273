"""Imports: a file goes in, the worker works it off, and every row of it is accounted for."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, get_args

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import ImportFormat, ImportReject, ImportRequest, ImportStatus
from mtm_shared.contracts.problem import ProblemError
from mtm_shared.storage import Transaction
from mtm_shared.web import ApiProblem, IdempotencyKey, PageQuery, Router, idempotent, page_of, problem_responses
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from mtm_eligibility.api.dependencies import Id, Reader, Writer
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.imports import requests

router = Router(prefix="/v1/imports", tags=["imports"])
FORMATS = get_args(ImportFormat)
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["format", "file"],
                "properties": {
                    "format": {"type": "string", "enum": list(FORMATS)},
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                },
            }
        },
        "application/json": {
            "schema": ImportRequest.model_json_schema(),
            "example": {"format": "rif-pde", "uri": "file:///data/pde.csv"},
        },
    },
}


@router.post(
    "",
    summary="Import a file",
    status_code=202,
    response_model=ImportStatus,
    openapi_extra={"requestBody": BODY},
)
async def create_import(request: Request, session: Transaction, _: Writer, key: IdempotencyKey = None) -> Response:
    """Queue an uploaded file, or one that the service can reach itself. Members come before their claims."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=8) as form:
            return await _upload(request, session, form)
    if kind != "application/json":
        raise ApiProblem(415)
    return await _by_uri(request, session)


async def _by_uri(request: Request, session: Transaction) -> Response:
    try:
        raw = await request.json()
    except ValueError:
        raise ApiProblem(400) from None
    try:
        body = ImportRequest.model_validate(raw)
    except ValidationError as invalid:
        raise RequestValidationError(
            [{**error, "loc": ("body", *error["loc"])} for error in invalid.errors()]
        ) from None
    settings: EligibilitySettings = request.app.state.settings
    path = requests.local_file(body.uri, settings.data_dir, settings.development)
    size = path.stat().st_size
    now = request.app.state.clock()

    async def create() -> ImportStatus:
        return await requests.start_import(
            session,
            import_id=new_id("imp", now),
            file_format=body.format,
            path=path,
            spooled=False,
            sha256=None,
            size_bytes=size,
            now=now,
        )

    return await idempotent(request, session, body, create, status=202, headers=_location)


async def _upload(request: Request, session: Transaction, form: FormData) -> Response:
    file, file_format = form.get("file"), form.get("format")
    _check_form(file, file_format)
    assert isinstance(file, UploadFile)
    now = request.app.state.clock()
    import_id = new_id("imp", now)
    settings: EligibilitySettings = request.app.state.settings
    path = settings.data_dir.resolve() / "imports" / import_id
    digest, size = await asyncio.to_thread(_spool, file.file, path)
    kept = False

    async def create() -> ImportStatus:
        nonlocal kept
        kept = True
        return await requests.start_import(
            session,
            import_id=import_id,
            file_format=str(file_format),
            path=path,
            spooled=True,
            sha256=digest,
            size_bytes=size,
            now=now,
        )

    body = {"format": file_format, "sha256": digest}
    try:
        return await idempotent(request, session, body, create, status=202, headers=_location)
    except BaseException:
        kept = False
        raise
    finally:
        if not kept:
            path.unlink(missing_ok=True)


def _check_form(file: object, file_format: object) -> None:
    errors = []
    if not isinstance(file, UploadFile):
        errors.append(ProblemError(pointer="/file", code="missing", message="a file is required"))
    if file_format not in FORMATS:
        errors.append(
            ProblemError(pointer="/format", code="literal_error", message=f"must be one of {', '.join(FORMATS)}")
        )
    if errors:
        raise ApiProblem(422, "invalid_request", "The form has faults; see errors.", errors=errors)


def _spool(source: BinaryIO, path: Path) -> tuple[str, int]:
    """Copy the upload to where the worker finds it, never wholly in memory; its SHA-256 and size."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = sha256()
    source.seek(0)
    with path.open("xb") as target:
        while piece := source.read(1 << 20):
            digest.update(piece)
            target.write(piece)
        return digest.hexdigest(), target.tell()


def _location(status: ImportStatus) -> dict[str, str]:
    return {"Location": f"/v1/imports/{status.import_id}"}


@router.get("", summary="List the imports")
async def list_imports(session: Transaction, page: PageQuery, _: Reader) -> Page[ImportStatus]:
    """Imports, newest first."""
    after = page.after(str)
    found = await requests.list_imports(session, str(after[0]) if after else None, page.limit + 1)
    items, cursor = page_of(found, page.limit, lambda status: (status.import_id,))
    return Page[ImportStatus](items=items, next_cursor=cursor)


@router.get("/{import_id}", summary="Read an import", responses=problem_responses(404))
async def read_import(import_id: Id, session: Transaction, _: Reader) -> ImportStatus:
    """The import with its progress and counts: in = accepted + replaced + deleted + rejected."""
    return await requests.get_import(session, import_id)


@router.get("/{import_id}/rejects", summary="List what was not taken", responses=problem_responses(404))
async def list_rejects(import_id: Id, session: Transaction, page: PageQuery, _: Reader) -> Page[ImportReject]:
    """Rows, and fields of rows, that were not taken, in the order of the file; row 1 is the first line."""
    after = page.after(int, int)
    place = (int(after[0]), int(after[1])) if after else None
    rows = await requests.list_rejects(session, import_id, place, page.limit + 1)
    items, cursor = page_of(rows, page.limit, lambda row: (row["row"], row["number"]))
    return Page[ImportReject](items=[requests.import_reject(row) for row in items], next_cursor=cursor)
