"""Clears what an earlier run left in the output folder, and only that."""

import shutil
from pathlib import Path

from deploy.local.processes import DemoFailed

ROOMS = ("data", "letters", "logs", "planted", "sample", "summaries")
PAGES = ("index.html", "run.json")


def clear_run(folder: Path) -> None:
    """Remove the rooms of an earlier run; refuse a folder that holds anything else."""
    folder.mkdir(parents=True, exist_ok=True)
    strangers = sorted(entry.name for entry in folder.iterdir() if entry.name not in (*ROOMS, *PAGES))
    if strangers:
        raise DemoFailed(
            f"{folder} holds files that are not the demo's ({', '.join(strangers[:3])}); give --out another."
        )
    for room in ROOMS:
        shutil.rmtree(folder / room, ignore_errors=True)
    for page in PAGES:
        (folder / page).unlink(missing_ok=True)
