"""Which notes a space is judged by."""

from collections import Counter
from itertools import product
from pathlib import Path

from synth.training.corpus import Note
from synth.training.evaluation.held_out import stratified, trials


def note(split: str, instrument: str, pitch: int, velocity: int) -> Note:
    path = Path(f"{instrument}-{pitch:03d}-{velocity:03d}.wav")
    return Note(
        path=path, split=split, instrument=instrument, name=instrument, family="string",
        pitch=pitch, velocity=velocity,
    )  # fmt: skip


def corpus(n_instruments: int = 4) -> list[Note]:
    grid = [
        note("train", f"known{i}", pitch, velocity)
        for i, pitch, velocity in product(range(n_instruments), range(40, 72, 4), (35, 95))
    ]
    between = [
        note("valid", f"known{i}", p, 80) for i in range(n_instruments) for p in (42, 54, 66)
    ]
    unseen = [
        note("test", f"new{i}", p, v) for i in range(3) for p in range(40, 72, 4) for v in (35, 95)
    ]
    return grid + between + unseen


def test_all_notes_are_taken_where_there_are_few():
    chosen = trials(corpus(), 1000)
    assert Counter(trial.note.split for trial in chosen) == {"valid": 12, "test": 48}


def test_never_heard_instruments_keep_their_share():
    chosen = trials(corpus(), 20)
    assert Counter(trial.note.split for trial in chosen) == {"valid": 12, "test": 8}


def test_every_instrument_is_among_the_chosen():
    chosen = trials(corpus(), 20)
    assert {trial.note.instrument for trial in chosen} == {n.instrument for n in corpus()}


def test_the_nearest_note_is_another_pitch_of_the_instrument_that_is_not_held_out():
    trial = next(t for t in trials(corpus(), 1000) if t.note == note("valid", "known1", 54, 80))
    assert trial.near == note("train", "known1", 52, 95)
    assert (trial.below.pitch, trial.above.pitch, trial.share_above) == (52, 56, 0.5)


def test_at_the_end_of_the_range_the_nearest_stands_for_both_sides():
    trial = next(t for t in trials(corpus(), 1000) if t.note == note("test", "new0", 40, 35))
    assert trial.below == trial.above == trial.near == note("test", "new0", 44, 35)
    assert trial.share_above == 0.0


def test_a_lone_note_cannot_be_judged():
    assert trials([note("train", "a", 40, 80), note("valid", "b", 40, 80)], 10) == []


def test_notes_are_spread_over_pitches():
    pitches = [n.pitch for n in stratified([note("test", "a", p, 80) for p in range(100)], 5)]
    assert pitches == [0, 24, 49, 74, 99]
