"""The stamp that says of a preset how, when and by which program it was made."""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version

from presets.card import Ancestor, Provenance
from presets.preset import Preset


def stamped(origin: str, made_from: Iterable[Preset] = ()) -> Provenance:
    """Say that a preset is made now, by this program, from these presets."""
    ancestors = (Ancestor(name=one.card.name, sha256=one.sha256) for one in made_from)
    return Provenance(
        origin=origin,
        program=f"embouchure {version('embouchure')}",
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        ancestors=tuple(ancestors),
    )
