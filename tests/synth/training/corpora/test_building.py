"""How notes of any material become a corpus."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.space import Source
from synth.training.corpora.building import build, is_built
from synth.training.corpora.material import Dropped, InstrumentName, RawNote
from synth.training.corpus import CorpusError, read_corpus, read_sources
from tests.synth.training.corpora.sounds import tone

RATE_HZ = 22_050


@dataclass
class ToyPart:
    instrument: InstrumentName
    raw: tuple[RawNote | Dropped, ...]
    identity: str = "toy"
    made: int = 0

    def notes(self) -> Iterator[RawNote | Dropped]:
        self.made += 1
        yield from self.raw


@dataclass
class ToyMaterial:
    source: Source
    toys: list[ToyPart]

    def parts(self) -> list[ToyPart]:
        return self.toys


def note(pitch: int = 60, velocity: int = 100, split: str = "train", **more: object) -> RawNote:
    fields = {"sound": tone(pitch, RATE_HZ), "rate_hz": RATE_HZ, "named_pitch": pitch} | more
    return RawNote(split=split, pitch=pitch, velocity=velocity, **fields)


def material(*raw: RawNote | Dropped, name: str = "horn", number: int = 0) -> ToyMaterial:
    named = InstrumentName(name=name, family="brass", number=number)
    return ToyMaterial(Source(name="toys", licence="CC0-1.0"), [ToyPart(named, raw)])


def test_notes_are_written_as_nsynth_names_them(tmp_path: Path):
    build(tmp_path, [material(note(), note(64, 50, "valid"), number=7)], n_jobs=1)
    first, second = read_corpus(tmp_path)
    assert first.path == tmp_path / "train/audio/brass_acoustic_007-060-100.wav"
    assert soundfile.info(first.path).samplerate == RATE_HZ
    assert (second.split, second.pitch, second.velocity) == ("valid", 64, 50)
    assert (first.instrument, first.name, first.family) == ("brass_acoustic_007", "horn", "brass")
    entry = json.loads((tmp_path / "train/examples.json").read_text())[first.key]
    assert entry["note_str"] == first.key
    assert entry["sample_rate"] == RATE_HZ
    assert len(entry["qualities"]) == 10


def test_sources_are_kept_with_the_corpus(tmp_path: Path):
    built = build(tmp_path, [material(note())], n_jobs=1)
    assert read_sources(tmp_path) == built.sources == [Source(name="toys", licence="CC0-1.0")]


def test_no_two_instruments_are_called_the_same(tmp_path: Path):
    build(tmp_path, [material(note()), material(note())], n_jobs=1)
    notes = read_corpus(tmp_path)
    assert {one.name for one in notes} == {"horn", "horn-2"}
    assert len({one.instrument for one in notes}) == 2


def test_what_measures_an_instrument_is_called_as_what_it_is_learned_from(tmp_path: Path):
    toys = [
        material(note(pitch, split=split), number=number).toys[0]
        for pitch, split in ((60, "train"), (62, "valid"))
        for number in (0, 1)
    ]
    build(tmp_path, [ToyMaterial(Source(name="toys", licence="CC0-1.0"), toys)], n_jobs=1)
    named = {(one.instrument, one.name) for one in read_corpus(tmp_path)}
    assert named == {("brass_acoustic_000", "horn"), ("brass_acoustic_001", "horn-2")}


def test_bad_notes_are_left_out_with_the_reason(tmp_path: Path):
    off, silent = note(64, sound=tone(67, RATE_HZ)), note(65, sound=np.zeros(999))
    built = build(tmp_path, [material(note(), off, silent, Dropped("x", "it is odd"))], n_jobs=1)
    assert built.n_notes == {"train": 1, "valid": 0, "test": 0}
    assert built.dropped == [
        ("horn at 64, velocity 100", "it sounds at 67.0, not at 64"),
        ("horn at 65, velocity 100", "it is silent"),
        ("x", "it is odd"),
    ]


def test_two_notes_alike_are_both_kept(tmp_path: Path):
    build(tmp_path, [material(note(), note(), note())], n_jobs=1)
    assert sorted(one.velocity for one in read_corpus(tmp_path)) == [99, 100, 101]


def test_too_loud_a_note_is_turned_down_and_not_clipped(tmp_path: Path):
    loud = tone(60, RATE_HZ, level=2.0)
    build(tmp_path, [material(note(sound=loud))], n_jobs=1)
    audio, _ = soundfile.read(read_corpus(tmp_path)[0].path)
    assert audio == pytest.approx(0.999 * loud / np.abs(loud).max(), abs=1e-4)


def test_a_track_of_the_pitch_goes_with_the_note(tmp_path: Path):
    build(tmp_path, [material(note(track=(60.0, 60.756)))], n_jobs=1)
    assert read_corpus(tmp_path)[0].heard_pitch == (60.0, 60.76)


def test_what_is_built_is_not_built_again(tmp_path: Path):
    made = material(note())
    assert not is_built(tmp_path, [made])
    first = build(tmp_path, [made], n_jobs=1)
    assert is_built(tmp_path, [made])
    assert build(tmp_path, [made], n_jobs=1) == first
    assert made.toys[0].made == 1


def test_an_interrupted_build_goes_on(tmp_path: Path):
    first, second = material(note()), material(note(), name="tuba")
    second.toys[0].raw = ()

    def interrupted() -> Iterator[RawNote]:
        raise KeyboardInterrupt

    whole, second.toys[0].notes = second.toys[0].notes, interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, [first, second], n_jobs=1)
    assert not is_built(tmp_path, [first, second])
    second.toys[0].notes, second.toys[0].raw = whole, (note(),)  # type: ignore[method-assign]
    assert build(tmp_path, [first, second], n_jobs=1).n_notes["train"] == 2
    assert first.toys[0].made == 1


def test_changed_material_is_built_anew(tmp_path: Path):
    made = material(note())
    build(tmp_path, [made], n_jobs=1)
    made.toys[0].identity = "edited"
    made.toys[0].raw = (note(), note(62))
    assert build(tmp_path, [made], n_jobs=1).n_notes["train"] == 2


def test_nothing_to_learn_from_is_refused_with_the_reason(tmp_path: Path):
    with pytest.raises(CorpusError, match="no note to learn from in toys; horn .*: it is silent"):
        build(tmp_path, [material(note(sound=np.zeros(999)))], n_jobs=1)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CorpusError, match="cannot be written .*; choose a folder with room"):
        build(tmp_path / "file", [material(note())], n_jobs=1)
