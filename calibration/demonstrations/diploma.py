"""A diploma: a taught preset as a file, with the takes it was taught by and what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Final

from calibration.demonstrations.pupil import ORIGIN, Pupil, Taught
from calibration.demonstrations.take import Take, TakeError
from calibration.demonstrations.take_store import raw_messages
from presets.bundle import Bundle
from presets.card import Ancestor, Provenance
from presets.preset import PresetError

TAG: Final = "taught"
TAKES: Final = "takes/"
ARRAYS: Final = ".safetensors"
RAW: Final = ".mid"
MAX_TAGS: Final = 12


def bundle_of(pupil: Pupil, taught: Taught, takes: Sequence[Take], name: str) -> Bundle:
    """Make the file of a taught preset: the preset, where it comes from, and all its takes."""
    before = pupil.preset.card
    ancestors = {one.name: one for one in before.provenance.ancestors}
    ancestors |= {before.name: Ancestor(name=before.name, sha256=pupil.preset.sha256)}
    ancestors |= {
        pupil.factory.card.name: Ancestor(name=pupil.factory.card.name, sha256=pupil.factory.sha256)
    }
    provenance = Provenance(
        origin=ORIGIN,
        program=f"embouchure {version('embouchure')}",
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        hand=before.provenance.hand,
        ancestors=tuple(ancestors.values())[-16:],
    )
    card = before.model_copy(
        update={
            "name": name,
            "tags": tuple(dict.fromkeys((*before.tags, TAG)))[-MAX_TAGS:],
            "provenance": provenance,
            "metrics": figures(taught),
        }
    )
    return Bundle(preset=replace(taught.preset, card=card), sources=sources_of(takes))


def figures(taught: Taught) -> dict[str, float]:
    """List what was measured while teaching, by names that tell the units."""
    measured = {
        "takes": float(taught.n_takes),
        "error_before": taught.error_before,
        "error": taught.error,
        "lag_s": taught.lag_s,
    }
    return {name: value for name, value in measured.items() if value is not None}


def takes_in(bundle: Bundle) -> list[Take]:
    """Unpack the takes that a preset was taught by, in the order of their keys.

    Raises
    ------
    PresetError
        When one is damaged.
    """
    members = sorted(bundle.sources.items())
    try:
        return [
            Take.from_bytes(content)
            for name, content in members
            if name.startswith(TAKES) and name.endswith(ARRAYS)
        ]
    except TakeError as error:
        raise PresetError(f"a take in {bundle.preset.card.name} cannot be read: {error}") from None


def sources_of(takes: Sequence[Take]) -> dict[str, bytes]:
    """Pack takes as the members of a preset's file."""
    return {name: content for take in takes for name, content in _members(take).items()}


def _members(take: Take) -> dict[str, bytes]:
    members = {f"{TAKES}{take.key}{ARRAYS}": take.to_bytes()}
    if take.played:
        members[f"{TAKES}{take.key}{RAW}"] = raw_messages(take)
    return members
