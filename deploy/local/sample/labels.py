"""What the label of a repackaged product says; only somebody who holds the bottle can tell."""

from deploy.local.sample.fills import REPACKAGER
from deploy.local.sample.knowledge import SampleDrug, drugs


def on_the_label(ndc: str) -> SampleDrug | None:
    """The product behind a repackager's code that no directory lists."""
    if not ndc.startswith(REPACKAGER):
        return None
    place = int(ndc[len(REPACKAGER) : -2])
    return list(drugs().values())[place] if place < len(drugs()) else None
