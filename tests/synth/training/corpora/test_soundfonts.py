"""Soundfonts rendered as material."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from synth.training.corpora.note_check import steady_pitch
from synth.training.corpora.soundfonts import FluidMaterial, SoundfontMaterial, SoundfontPart
from synth.training.corpus import CorpusError
from synth.training.instruments import INSTRUMENTS, UNSEEN_PROGRAMS
from synth.training.soundfont import SoundfontError
from tests.synth.training.corpora.tiny_soundfont import tiny_soundfont


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_soundfont(tmp_path_factory.mktemp("font") / "tiny.sf2")


def named(parts: Sequence[SoundfontPart]) -> list[str]:
    return [part.instrument.name for part in parts]


def test_every_bank_is_rendered_with_the_fonts_own_names(font: Path):
    parts = SoundfontMaterial(path=font).parts()
    assert named(parts) == ["test-flute", "odd-sound"]
    assert [part.instrument.family for part in parts] == ["flute", "synth_lead"]
    assert len({part.instrument.number for part in parts}) == 2


@pytest.mark.parametrize("wanted", ["8:4", "odd", "Odd Sound"])
def test_sounds_are_chosen_by_place_or_name(font: Path, wanted: str):
    assert named(SoundfontMaterial(path=font, wanted=(wanted,)).parts()) == ["odd-sound"]


def test_a_sound_that_is_not_there_is_refused(font: Path):
    with pytest.raises(CorpusError, match="has no sound 5:5; name a program such as 40"):
        SoundfontMaterial(path=font, wanted=("5:5",)).parts()


@pytest.mark.parametrize("suffix", ["sf2", "sf3"])
def test_a_preset_of_another_bank_sounds_at_its_pitch(tmp_path: Path, suffix: str):
    font = tiny_soundfont(tmp_path / f"tiny.{suffix}")
    part = SoundfontMaterial(path=font, wanted=("8:4",)).parts()[0]
    note = next(note for note in part.notes() if note.pitch == 60)
    assert note.rate_hz == 48_000
    assert len(note.sound) == 4 * 48_000
    assert steady_pitch(note.sound, note.rate_hz) == pytest.approx(60, abs=0.1)


def test_a_struck_key_is_louder_the_harder_it_is_struck(font: Path):
    part = SoundfontMaterial(path=font, wanted=("0:0",)).parts()[0]
    peaks = {n.velocity: np.abs(n.sound).max() for n in part.notes() if n.pitch == 60}
    assert sorted(peaks, key=peaks.__getitem__) == sorted(peaks)


def test_licence_and_origin_are_the_fonts_own_unless_told_otherwise(font: Path):
    own = SoundfontMaterial(path=font).source
    assert (own.name, own.licence) == ("Tiny", "public domain")
    assert own.provenance[0] == "Notes of the soundfont tiny.sf2, rendered with FluidSynth."
    assert SoundfontMaterial(path=font, licence="CC0-1.0").source.licence == "CC0-1.0"


def test_general_midi_fonts_have_its_families_and_ranges(tmp_path: Path):
    presets = [(bank, program, f"x{bank}-{program}") for bank in (0, 8) for program in range(128)]
    parts = SoundfontMaterial(path=tiny_soundfont(tmp_path / "gm.sf2", presets)).parts()
    violins = [part for part in parts if part.preset.program == 40]
    assert [(p.instrument.family, p.low, p.high) for p in violins] == [("string", 55, 100)] * 2
    assert 119 not in {part.preset.program for part in parts}
    assert sum(part.is_unseen for part in parts) >= 12


def test_fluids_instruments_are_known_by_program():
    parts = FluidMaterial().parts()
    assert [part.instrument.number for part in parts] == [one.program for one in INSTRUMENTS]
    assert {p.preset.program for p in parts if p.is_unseen} == UNSEEN_PROGRAMS


def test_a_missing_soundfont_is_named_with_its_remedy(tmp_path: Path):
    with pytest.raises(SoundfontError, match="does not exist; install it"):
        FluidMaterial(path=tmp_path / "none.sf2").parts()
