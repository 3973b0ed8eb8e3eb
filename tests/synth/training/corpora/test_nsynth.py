"""The NSynth dataset, from its folders to a space that can be shown and played."""

import json
from pathlib import Path

import pytest

from embouchure.cli import main
from synth.controls import NOISE, PARTIALS, noise_edges_hz, note_to_hz
from synth.space import Space
from synth.training.corpora.building import build
from synth.training.corpora.nsynth import NSynthMaterial
from synth.training.corpus import read_corpus, read_sources
from synth.training.features import load_features, measure
from synth.training.pipeline import make_space
from synth.training.recipe import RECIPES, Recipe
from tests.synth.training.corpora.nsynth_folder import write_nsynth


@pytest.fixture(scope="module")
def nsynth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_nsynth(tmp_path_factory.mktemp("nsynth"))


def test_it_is_read_as_it_is(nsynth: Path):
    notes = read_corpus(nsynth)
    assert len(notes) == 32
    assert {n.instrument for n in notes if n.split == "train"} == {
        "bass_synthetic_033", "flute_acoustic_002",
    }  # fmt: skip
    assert {n.family for n in notes if n.split == "test"} == {"synth_lead"}
    assert {n.top_hz for n in notes} == {7200.0}
    assert [source.licence for source in read_sources(nsynth)] == ["CC-BY-4.0"]


def test_it_is_analysed_and_its_missing_treble_is_known_to_be_missing(nsynth: Path, tmp_path: Path):
    note = next(n for n in read_corpus(nsynth) if n.pitch == 60)
    (usable,) = measure([note], tmp_path, n_jobs=1)
    features = load_features(usable, tmp_path)
    controls = features.unpack().controls
    assert (controls[:, PARTIALS][:, :8].max(axis=0) > -60).all()
    assert 8 * note_to_hz(note.pitch) < note.top_hz
    assert controls[5:, NOISE][:, -1].max() < -60
    assert noise_edges_hz()[-1] > note.top_hz


@pytest.mark.slow
def test_a_space_is_trained_on_it_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    nsynth = write_nsynth(tmp_path / "nsynth", pitches=(48, 60), velocities=(100,))
    file = tmp_path / "small.safetensors"
    monkeypatch.setitem(RECIPES, "quick", Recipe(teach_steps=8, distil_steps=2, polish_steps=1))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        make_space(nsynth, file, recipe="quick")
    space = Space.load(file)
    named = {sound.name for sound in space.card.sounds}
    assert {"bass-synthetic-033-c3-f", "flute-acoustic-002-c4-f"} <= named
    monkeypatch.setattr("sys.argv", ["embouchure", "space", "show", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    assert "From the NSynth dataset, CC-BY-4.0" in capsys.readouterr().out


def test_gathered_with_others_it_holds_out_pitches_and_instruments(tmp_path: Path):
    folder = write_nsynth(
        tmp_path / "nsynth", pitches=range(40, 76, 3), velocities=(100,), seconds=0.3
    )
    built = build(tmp_path / "corpus", [NSynthMaterial(path=folder)], n_jobs=1)
    assert built.n_notes == {"train": 20, "valid": 4, "test": 24}
    notes = read_corpus(tmp_path / "corpus")
    assert {n.instrument.rsplit("_", 1)[0] for n in notes if n.split == "valid"} == {
        "bass_synthetic", "flute_acoustic",
    }  # fmt: skip
    assert read_sources(tmp_path / "corpus")[0].licence == "CC-BY-4.0"


def test_a_corpus_built_before_keeps_its_splits(tmp_path: Path):
    folder = write_nsynth(tmp_path / "a", pitches=range(40, 76, 3), velocities=(100,), seconds=0.3)
    first = build(tmp_path / "b", [NSynthMaterial(path=folder)], n_jobs=1)
    again = build(tmp_path / "c", [NSynthMaterial(path=tmp_path / "b")], n_jobs=1)
    assert again.n_notes == first.n_notes
    entries = json.loads((tmp_path / "c/valid/examples.json").read_text()).values()
    names = {entry["instrument_name"] for entry in entries}
    assert names == {"bass-synthetic-033", "flute-acoustic-002"}


def test_notes_of_which_something_else_is_said_are_gathered_anew(tmp_path: Path):
    folder = write_nsynth(tmp_path / "nsynth", pitches=(48,), velocities=(100,), seconds=0.3)
    before = {part.identity for part in NSynthMaterial(path=folder).parts()}
    path = folder / "nsynth-train" / "examples.json"
    path.write_text(path.read_text().replace('"velocity": 100', '"velocity": 90'))
    after = {part.identity for part in NSynthMaterial(path=folder).parts()}
    assert len(before & after) == 2
