"""What a soundfont's file tells."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synth.training.corpora.soundfont_file import Preset, read_card
from synth.training.corpus import CorpusError
from tests.synth.training.corpora.tiny_soundfont import tiny_soundfont


def test_presets_are_told_by_bank_program_and_name(tmp_path: Path):
    card = read_card(tiny_soundfont(tmp_path / "a.sf2"))
    assert card.presets == [Preset(0, 0, "Test Flute"), Preset(8, 4, "Odd Sound")]


def test_drums_are_no_presets(tmp_path: Path):
    font = tiny_soundfont(tmp_path / "a.sf2", [(0, 0, "Flute"), (128, 0, "Drums")])
    assert [preset.name for preset in read_card(font).presets] == ["Flute"]


def test_name_licence_and_provenance_are_its_own(tmp_path: Path):
    texts = [(b"INAM", "Hall"), (b"ICOP", "2009 J. Doe"), (b"ICMT", "Licensed under CC BY 3.0")]
    card = read_card(tiny_soundfont(tmp_path / "a.sf2", texts=texts))
    assert (card.name, card.licence) == ("Hall", "CC-BY-3.0")
    assert card.provenance == ["Copyright: 2009 J. Doe", "Comment: Licensed under CC BY 3.0"]


def test_a_font_without_texts_is_named_after_its_file(tmp_path: Path):
    card = read_card(tiny_soundfont(tmp_path / "hall.sf2", texts=[]))
    assert (card.name, card.licence, card.provenance) == ("hall", "not stated", [])


def test_a_full_first_bank_is_general_midi(tmp_path: Path):
    few = read_card(tiny_soundfont(tmp_path / "a.sf2"))
    full = [(0, program, "sound") for program in range(128)]
    assert not few.is_general_midi
    assert read_card(tiny_soundfont(tmp_path / "b.sf2", full)).is_general_midi


def test_a_missing_font_is_refused(tmp_path: Path):
    with pytest.raises(CorpusError, match="cannot be read"):
        read_card(tmp_path / "gone.sf2")


@example(b"!\x01", 44)
@given(st.binary(max_size=200), st.integers(0, 600))
def test_a_damaged_font_is_refused_or_tells_printable_text(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
):
    path = tmp_path_factory.mktemp("font") / "a.sf2"
    whole = tiny_soundfont(path).read_bytes()
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    try:
        card = read_card(path)
    except CorpusError:
        return
    assert card.presets
    names = [preset.name for preset in card.presets]
    assert all(line.isprintable() for line in (card.name, *names, *card.provenance))
