"""An instrument made of a candidate: its surfaces over the keyboard, and how long it rings."""

import numpy as np

from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import HARD, MIDDLING, SOFT, Palette
from calibration.exploration.sounding import CandidateSurface
from presets.factory.instrument import Instrument, Sounding
from synth.moving.surface import instrument_of


def instrument(palette: Palette, candidate: Candidate, name: str, description: str) -> Instrument:
    """Make a candidate an instrument."""
    return Instrument(palette.space, sounding(palette, candidate), name, description)


def sounding(palette: Palette, candidate: Candidate) -> Sounding:
    """Lay a candidate out over the keyboard."""
    soft, middling, hard = (
        CandidateSurface(palette, candidate, dynamic) for dynamic in (SOFT, MIDDLING, HARD)
    )
    return Sounding(soft, middling, hard, release_s(palette, candidate))


def release_s(palette: Palette, candidate: Candidate) -> float:
    """Let go as its parts do, each by its share in what lasts."""
    released = {name: [] for name in palette.instruments}  # type: dict[str, list[float]]
    for sound in palette.space.card.sounds:
        released[instrument_of(sound.name)].append(sound.release_s)
    shares = np.array([max(part.later, 1e-3) for part in candidate.parts])
    logs = [np.log(np.median(released[part.instrument])) for part in candidate.parts]
    return float(np.exp(np.average(logs, weights=shares)))
