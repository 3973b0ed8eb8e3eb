"""Recorded sounds as instruments."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.targets.recorded_instrument import (
    brighter,
    notes_of_sound,
    notes_of_targets,
    preset_from,
)
from calibration.targets.recording import hear
from calibration.targets.sound_file import read_recording
from presets.spaces import factory_space
from synth.decoder import decode
from synth.moving.surface import instrument_of
from synth.space import Space

VIOLA = Path(__file__).parents[1] / "synth/notes/viola-70.flac"


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def test_struck_harder_sounds_of_the_space_are_brighter(space: Space):
    flute = [i for i, s in enumerate(space.card.sounds) if instrument_of(s.name) == "flute"]
    codes = space.codes[flute, -5]
    loudness_db, note = np.full(len(flute), -20.0), np.full(len(flute), 72.0)
    plain = decode(space, codes, loudness_db, note)
    moved = decode(space, codes + brighter(space), loudness_db, note)
    upper = slice(5, 20)
    assert moved[:, upper].mean() > plain[:, upper].mean() + 0.5


def test_the_codebooks_notes_are_taken_once_a_key(space: Space):
    notes = notes_of_sound(space, "flute")
    keys = {s.note for s in space.card.sounds if instrument_of(s.name) == "flute"}
    assert {note.note for note in notes} == keys
    assert len(notes) == len(keys)


def test_of_a_recordings_notes_the_longest_of_each_key_is_taken(space: Space):
    (phrase,) = hear(read_recording(VIOLA), space, "viola")
    target = phrase.played[0]
    shorter = replace(target, held_s=target.held_s / 2)
    (note,) = notes_of_targets(space, [shorter, target])
    assert note.note == 70.0
    assert note.codes.shape == (len(space.card.ages_s), 16)
    late = round(target.held_s * 100) - 1
    assert note.codes[-1] == pytest.approx(target.trajectory[late, :16], abs=0.5)


@pytest.mark.slow
def test_a_recording_becomes_a_preset_of_the_space_it_was_heard_in(
    space: Space, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("presets.factory.design.N_DEMONSTRATED", 12)
    (phrase,) = hear(read_recording(VIOLA), space, "viola")
    made = preset_from(space, notes_of_targets(space, phrase.played), "my-viola", "A viola.")
    assert made.card.name == "my-viola"
    assert made.card.space.sha256 == space.sha256
