"""The map of a space: where each named sound lies, for a page or a person to look at."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from embouchure.errors import ProgramError
from mapper.whole_file import write_whole
from synth.moving.chart import chart
from synth.moving.surface import instrument_of
from synth.space import Space


def map_of(space: Space) -> dict[str, Any]:
    """Lay every sound of a space out.

    Returns
    -------
    dict
        `sounds`: each with name, family, instrument and its place (across and up, -1 to 1);
        `instruments`: the middle of each one's sounds; how far neighbours can be trusted.
    """
    drawn = chart(space)
    places: dict[str, list[list[float]]] = {}
    for sound, place in zip(space.card.sounds, drawn.places, strict=True):
        places.setdefault(instrument_of(sound.name), []).append([float(x) for x in place])
    return {
        "space": space.sha256,
        "trustworthiness": round(drawn.trustworthiness, 4),
        "flat_trustworthiness": round(drawn.flat_trustworthiness, 4),
        "instruments": {
            name: [round(float(x), 4) for x in np.median(found, axis=0)]
            for name, found in places.items()
        },
        "sounds": [
            {
                "name": sound.name,
                "family": sound.family,
                "instrument": instrument_of(sound.name),
                "place": [round(float(x), 4) for x in place],
            }
            for sound, place in zip(space.card.sounds, drawn.places, strict=True)
        ],
    }


def write_map(drawn: dict[str, Any], path: Path) -> None:
    """Write a map as JSON, whole or not at all.

    Raises
    ------
    ProgramError
        When the place cannot be written.
    """
    try:
        write_whole(path, json.dumps(drawn, indent=1).encode(), keeps_old=False)
    except OSError as error:
        raise ProgramError(
            f"the map cannot be written to {path} ({error.strerror}); choose another place"
        ) from None
