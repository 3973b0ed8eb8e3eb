"""Folders of single notes, named as people name them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.training.corpora.material import Dropped, RawNote
from synth.training.corpora.note_files import NoteFilesMaterial
from synth.training.corpus import CorpusError
from tests.synth.training.corpora.sounds import write_tone


def made(folder: Path, **more: str) -> list[RawNote | Dropped]:
    return [
        note for part in NoteFilesMaterial(path=folder, **more).parts() for note in part.notes()
    ]


def pitches(folder: Path) -> list[int]:
    return [note.pitch for note in made(folder) if isinstance(note, RawNote)]


def test_the_pitch_is_that_of_the_name(tmp_path: Path):
    write_tone(tmp_path / "horn A#3.wav", 58)
    (note,) = made(tmp_path)
    assert isinstance(note, RawNote)
    assert (note.pitch, note.named_pitch, note.split) == (58, 58, "train")


def test_without_a_name_the_pitch_is_heard(tmp_path: Path):
    write_tone(tmp_path / "something.wav", 61.2)
    assert pitches(tmp_path) == [61]


def test_a_number_that_is_no_key_of_the_sound_is_not_believed(tmp_path: Path):
    write_tone(tmp_path / "take 45.wav", 66)
    assert pitches(tmp_path) == [66]


def test_octaves_counted_otherwise_are_noticed(tmp_path: Path):
    for octave in (2, 3, 4):
        write_tone(tmp_path / f"horn c{octave}.wav", 12 * octave + 24)
    assert pitches(tmp_path) == [48, 60, 72]


def test_what_has_no_pitch_by_name_or_sound_is_left_out(tmp_path: Path):
    write_tone(tmp_path / "click.wav", 60)
    noise = 0.1 * np.random.default_rng(0).standard_normal(20_000)
    soundfile.write(tmp_path / "wind.wav", noise, 22_050)
    (dropped,) = (one for one in made(tmp_path) if isinstance(one, Dropped))
    assert dropped == ("wind.wav", "its name tells no pitch and none is heard in it")


def test_a_file_that_is_no_sound_is_left_out(tmp_path: Path):
    write_tone(tmp_path / "c4.wav", 60)
    (tmp_path / "c5.wav").write_bytes(b"no sound")
    assert [type(one) for one in made(tmp_path)] == [Dropped, RawNote]


def test_folders_and_names_tell_instruments_apart(tmp_path: Path):
    for name in ("horn/c4.wav", "horn/mute c4.wav", "oboe c5.wav", "d5.wav"):
        write_tone(tmp_path / name, 72)
    parts = NoteFilesMaterial(path=tmp_path, name="my band").parts()
    assert {(part.instrument.name, part.instrument.family) for part in parts} == {
        ("horn", "brass"), ("horn-mute", "brass"), ("oboe", "reed"), ("my-band", "synth_lead"),
    }  # fmt: skip


def test_strength_is_told_by_level_where_the_name_says_nothing(tmp_path: Path):
    write_tone(tmp_path / "c4.wav", 60, level=0.2)
    write_tone(tmp_path / "d4.wav", 62, level=0.02)
    write_tone(tmp_path / "e4 v33.wav", 64, level=0.2)
    told = {note.pitch: note.velocity for note in made(tmp_path) if isinstance(note, RawNote)}
    assert told[60] == 127
    assert 25 < told[62] < 60
    assert told[64] == 33


def test_a_scale_has_pitches_held_out(tmp_path: Path):
    for pitch in range(50, 74, 2):
        write_tone(tmp_path / f"{pitch:03d}.wav", pitch)
    splits = {note.pitch: note.split for note in made(tmp_path) if isinstance(note, RawNote)}
    assert [pitch for pitch, split in splits.items() if split == "valid"] == [56, 68]


def test_licence_and_name_are_what_the_user_says(tmp_path: Path):
    source = NoteFilesMaterial(path=tmp_path, licence="CC0-1.0", name="cellar").source
    assert (source.name, source.licence) == ("cellar", "CC0-1.0")


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(CorpusError, match="holds no sound files"):
        NoteFilesMaterial(path=tmp_path).parts()


def test_a_file_of_a_few_samples_is_left_out(tmp_path: Path):
    soundfile.write(tmp_path / "click.wav", np.full(30, 0.5), 48_000)
    (dropped,) = made(tmp_path)
    assert isinstance(dropped, Dropped)
