"""What a path is."""

from pathlib import Path

import pytest

from synth.analysis.fundamental import Melody
from synth.training.corpora.kinds import materials
from synth.training.corpora.note_files import NoteFilesMaterial
from synth.training.corpora.nsynth import NSynthMaterial
from synth.training.corpora.recordings import RecordingMaterial
from synth.training.corpora.soundfonts import SoundfontMaterial
from synth.training.corpus import CorpusError
from tests.synth.training.corpora.sounds import write_tone
from tests.synth.training.corpora.tiny_soundfont import tiny_soundfont


def no_notes(melody: Melody) -> list[object]:
    return []


def test_each_kind_is_told_by_its_file(tmp_path: Path):
    (tmp_path / "nsynth/nsynth-train").mkdir(parents=True)
    (tmp_path / "nsynth/nsynth-train/examples.json").write_text("{}")
    note = write_tone(tmp_path / "notes/c4.wav", 60)
    paths = [tiny_soundfont(tmp_path / "a.SF2"), note.parent, tmp_path / "nsynth", note]
    kinds = [type(one) for one in materials(paths, no_notes)]
    assert kinds == [SoundfontMaterial, NoteFilesMaterial, NSynthMaterial, RecordingMaterial]


def test_a_name_is_for_a_single_source(tmp_path: Path):
    note = write_tone(tmp_path / "c4.wav", 60)
    assert materials([note], no_notes, name="me")[0].source.name == "me"
    assert materials([note, note], no_notes, name="me")[0].source.name == "c4"


@pytest.mark.parametrize("name", ["gone.wav", "gone"])
def test_a_missing_path_is_refused(tmp_path: Path, name: str):
    with pytest.raises(CorpusError, match="there is no .*gone"):
        materials([tmp_path / name], no_notes)


def test_a_file_of_no_kind_is_refused(tmp_path: Path):
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(CorpusError, match="is neither a soundfont .* nor a sound"):
        materials([tmp_path / "a.txt"], no_notes)
