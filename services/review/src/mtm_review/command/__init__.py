"""`mtm-review knowledge`: look into the clinical knowledge, check it, compare versions of it and pack one."""

from typing import Final

import typer

from mtm_review.command.checking import check
from mtm_review.command.comparing import diff
from mtm_review.command.explaining import explain
from mtm_review.command.packing import pack
from mtm_review.command.showing import show

knowledge: Final = typer.Typer(
    name="knowledge",
    help="Look into the clinical knowledge, check it, compare versions of it and pack one.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    epilog="Environment:\n\n- `MTM_KNOWLEDGE`: a folder of knowledge files (default: the packaged ones)"
    "\n- `MTM_KNOWLEDGE_ARCHIVE`: a folder of earlier versions, so that `diff` takes versions by name"
    "\n- `MTM_VOCABULARY`: a built vocabulary or a folder of tables (default: the packaged one)"
    "\n\nExit codes: 0 done, 1 not found or with errors, 2 wrong use.",
)
for command in (check, show, diff, explain, pack):
    knowledge.command()(command)
