"""Imports over HTTP: upload, wait for the worker, fetch what was not taken."""

import asyncio

from mtm_shared.contracts.eligibility import ImportReject, ImportStatus

from deploy.local.calls import Service
from deploy.local.outcomes import Imported
from deploy.local.processes import DemoFailed, House
from deploy.local.sample.writing import ImportFile
from deploy.local.steps import Step, Steps

PERCENT = 100
REJECTS_SHOWN = 200


async def import_files(
    house: House, eligibility: Service, files: tuple[ImportFile, ...], steps: Steps, *, go_on: bool = False
) -> list[Imported]:
    """Import one file after another: members before their claims.

    A file that is refused as a whole ends the run; with `go_on` it is kept with its code, and the next one follows.
    """
    done = []
    for file in files:
        with steps.step(f"import {file.path.name}", PERCENT) as step:
            imported = await _import(house, eligibility, file, step)
        failure = imported.status.failure
        if failure is not None and not go_on:
            why = f"{failure.code}: {failure.detail}"
            raise DemoFailed(f"The import of {file.path.name} as {file.format} failed, {why}.", "eligibility-worker")
        done.append(imported)
    return done


async def _import(house: House, eligibility: Service, file: ImportFile, step: Step) -> Imported:
    made = await eligibility.upload("/v1/imports", file.path, format=file.format)
    status = ImportStatus.model_validate(made)
    while status.state not in ("done", "failed"):
        house.check_alive()
        await asyncio.sleep(0.1)
        status = ImportStatus.model_validate(await eligibility.get(f"/v1/imports/{status.import_id}"))
        step.set(status.progress * PERCENT)
    rejects = []
    async for item in eligibility.pages(f"/v1/imports/{status.import_id}/rejects", limit=REJECTS_SHOWN):
        rejects.append(ImportReject.model_validate(item))
        if len(rejects) >= REJECTS_SHOWN:
            break
    return Imported(file.path.name, status, tuple(rejects))
