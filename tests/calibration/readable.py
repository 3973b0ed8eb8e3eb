"""A preset whose every number can be told beforehand, and touches to play on it."""

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.phrase import Phrase
from mapper.features import AT, N_FEATURES
from mapper.mapping import HIGHEST, LOUDNESS, LOWEST, N_INPUTS, TRAJECTORY_SIZE, Mapping
from mapper.touch import Kind, TouchEvent
from presets.preset import Preset, PresetCard, SpaceNeeded
from presets.spaces import factory_space

QUIET_DB, SPAN_DB = -40.0, 28.0
CODE_PER_BRIGHTNESS = 2.0
"""Loudness is read from the level, brightness from the slide; the first code is the brightness."""


def readable_mapping() -> Mapping:
    spread = np.ones(N_FEATURES)
    spread[[AT.effort, AT.slide, AT.strike, AT.age_640ms]] = 0.25
    spread[AT.pitch_note] = 10.0
    reading, instrument = np.zeros((N_FEATURES, 3)), np.zeros((N_INPUTS, TRAJECTORY_SIZE))
    reading[AT.level, 0] = SPAN_DB
    reading[AT.slide, 1] = spread[AT.slide]
    instrument[N_FEATURES, LOUDNESS] = 1.0
    instrument[N_FEATURES + 1, 0] = CODE_PER_BRIGHTNESS
    arrays = {
        "feature_low": np.full(N_FEATURES, -50.0),
        "feature_high": np.full(N_FEATURES, 130.0),
        "centre": np.zeros(N_FEATURES),
        "spread": spread,
        "low": LOWEST,
        "high": HIGHEST,
        **network(instrument, np.zeros(TRAJECTORY_SIZE)),
        **{f"reading.{k}": a for k, a in network(reading, np.array([QUIET_DB, 0, 0])).items()},
        "reading.low": np.array([-60.0, -0.25, -1200.0]),
        "reading.high": np.array([0.0, 1.25, 1200.0]),
        "reading.centre": np.zeros(3),
        "reading.spread": np.ones(3),
    }
    return Mapping.from_arrays({k: np.asarray(a, np.float32) for k, a in arrays.items()})


def network(linear: NDArray[np.float64], offset: NDArray[np.float64]) -> dict[str, np.ndarray]:
    n_inputs, n_outputs = linear.shape
    return {
        "linear": linear,
        "offset": offset,
        "hidden": np.zeros((0, n_inputs)),
        "bias": np.zeros(0),
        "out": np.zeros((0, n_outputs)),
    }


def readable_preset(name: str = "reed") -> Preset:
    space = factory_space()
    needed = SpaceNeeded(name=space.card.name, sha256=space.sha256)
    card = PresetCard(name=name, description="Plain.", space=needed)
    return Preset(card=card, mapping=readable_mapping())


def a_phrase() -> Phrase:
    """Three touches of a second: a dull soft low one, a middling one, and a bright hard high one."""
    events = []
    for number, (note, press, slide) in enumerate(((48, 0.2, 0.1), (60, 0.5, 0.5), (79, 0.9, 0.9))):
        at_s = 1.2 * number
        events += [
            TouchEvent(at_s, Kind.STRIKE, number, 0, note, press, press, slide),
            TouchEvent(at_s + 0.5, Kind.MOVE, number, 0, note, press, press, slide + 0.02),
            TouchEvent(at_s + 1.0, Kind.LIFT, number, 0, note, press, press, slide + 0.02),
        ]
    return Phrase.of(events)
