"""The shelf of takes: what was played, by its name and with what is known of it."""

import json
import re
from pathlib import Path
from typing import Any, Final

from embouchure.errors import ProgramError
from embouchure.folders import takes_folder

TOLD: Final = ("started", "captured", "preset", "device", "controller", "seconds", "notes")
MAX_CARD_BYTES: Final = 64 * 2**10
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d{1,4}\))?")


def list_takes() -> list[dict[str, Any]]:
    """Describe every take, newest first; what its card does not say is None."""
    found = sorted(takes_folder().glob("*.mid"), reverse=True)
    return [{"name": path.stem, **_card(path)} for path in found if _NAME.fullmatch(path.stem)]


def find_take(name: str) -> Path:
    """Find a take's MIDI file by its name.

    Raises
    ------
    ProgramError
        When there is none.
    """
    path = takes_folder() / f"{name}.mid"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise ProgramError(f"there is no take {name[:60]!r}; see embouchure takes list")
    return path


def _card(take: Path) -> dict[str, Any]:
    try:
        with take.with_suffix(".json").open("rb") as file:
            card = json.loads(file.read(MAX_CARD_BYTES))
    except (OSError, ValueError, RecursionError):
        card = {}
    known = card if isinstance(card, dict) else {}
    return {name: known.get(name) for name in TOLD}
