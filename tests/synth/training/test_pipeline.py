"""The making of a space, from notes on disk to a file that can be played."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from synth.encoder import N_SLOW
from synth.space import Space
from synth.training.checkpoint import CheckpointError, Task
from synth.training.codebook import encode_frames
from synth.training.corpus import CorpusError, read_corpus
from synth.training.export import export_networks
from synth.training.features import Features, load_features, measure
from synth.training.model import Autoencoder
from synth.training.pipeline import make_space, teacher_path
from synth.training.recipe import RECIPES, Recipe
from tests.synth.training.toy_corpus import write_toy_corpus

Arrays = dict[str, NDArray[np.float32]]
Array = NDArray[np.float64]

SCALE = (-30.0, 12.0)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory):
    return write_toy_corpus(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def features(corpus: Path, tmp_path_factory: pytest.TempPathFactory):
    cache = tmp_path_factory.mktemp("cache")
    notes = measure(read_corpus(corpus), cache, n_jobs=1)
    return [load_features(note, cache) for note in notes]


@pytest.fixture(autouse=True)
def tiny_recipe(monkeypatch: pytest.MonkeyPatch):
    tiny = Recipe(teach_steps=20, distil_steps=2, polish_steps=2)
    monkeypatch.setitem(RECIPES, "quick", tiny)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache-home"))


@pytest.mark.long
def test_a_space_is_made_from_a_corpus_and_made_again_from_its_checkpoint(
    corpus: Path, tmp_path: Path
):
    out = tmp_path / "toy.safetensors"
    stages = []
    make_space(corpus, out, recipe="quick", report=lambda stage, *_: stages.append(stage))
    space = Space.load(out)
    assert list(dict.fromkeys(stages)) == [
        "analyse", "teach", "distil", "polish", "export", "evaluate",
    ]  # fmt: skip
    assert space.card.provenance == ["Learned from 16 of 16 notes, 2 of 2 instruments."]
    assert {s.name for s in space.card.sounds} >= {
        "full-synthetic-000-c3-p",
        "full-synthetic-000-gs3-f",
    }
    assert {"analysis", "space", "space_new_pitch"} <= set(space.card.evaluation)
    assert space.card.evaluation["space"]["mel_db_n"] == 2
    make_space(corpus, out, recipe="quick")
    assert Space.load(out).sha256 == space.sha256


@pytest.mark.long
def test_the_teacher_is_a_space_of_the_same_codes_with_a_larger_decoder(
    corpus: Path, tmp_path: Path
):
    out = tmp_path / "toy.safetensors"
    make_space(corpus, out, recipe="quick")
    space = Space.load(out)
    teacher = Space.load(teacher_path(out))
    assert np.array_equal(teacher.codes, space.codes)
    assert len(teacher.biases[0]) > len(space.biases[0])


def test_analysing_twice_measures_once(corpus: Path, tmp_path: Path):
    notes = read_corpus(corpus)
    measure(notes, tmp_path, n_jobs=1)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(measure(notes, tmp_path, n_jobs=1)) == len(notes)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == stamps


def test_exported_codes_are_white_within_their_slow_and_quick_parts(features: list[Features]):
    torch.manual_seed(0)
    arrays, _ = export_networks(Autoencoder(), features, SCALE)
    codes = np.vstack([encode_frames(f.unpack(), arrays, SCALE)[::4] for f in features])
    assert codes.mean(0) == pytest.approx(0, abs=1e-2)
    for part in (slice(0, N_SLOW), slice(N_SLOW, None)):
        spread = codes[:, part].std(0)
        varied = spread > 0.95
        assert varied.sum() >= 2
        assert spread[varied] == pytest.approx(1, abs=0.01)
        together = np.cov(codes[:, part].T)
        assert together - np.diag(np.diag(together)) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("which", [0, 1])
def test_whitening_and_units_are_folded_without_a_change_of_sound(
    features: list[Features], which: int
):
    torch.manual_seed(0)
    model = Autoencoder()
    decoder = (model.student, model.teacher)[which]
    decoder.mean.uniform_(-60, 0)
    decoder.spread.uniform_(1, 20)
    arrays = export_networks(model, features, SCALE)[which]
    state = {f"encoder.{key}": value.numpy() for key, value in model.encoder.state_dict().items()}
    frames = features[0].unpack()
    raw, white = (encode_frames(frames, a, SCALE) for a in (state, arrays))
    tail = np.random.default_rng(0).standard_normal((len(raw), 10)).astype(np.float32)
    with torch.no_grad():
        trained = decoder(torch.from_numpy(np.hstack([raw, tail]))).numpy()
    assert plain_decoder(arrays, np.hstack([white, tail])) == pytest.approx(trained, abs=2e-2)


def plain_decoder(arrays: Arrays, x: Array):
    n_layers = sum(key.startswith("decoder.weight") for key in arrays)
    for i in range(n_layers):
        x = x @ arrays[f"decoder.weight.{i}"].T + arrays[f"decoder.bias.{i}"]
        x = x if i == n_layers - 1 else np.maximum(x, 0.1 * x)
    return x


def test_a_corpus_in_which_nothing_is_heard_is_refused(tmp_path: Path):
    corpus = write_toy_corpus(tmp_path / "short", seconds=0.01)
    with pytest.raises(CorpusError, match="that is to be learned can be heard"):
        make_space(corpus, tmp_path / "toy.safetensors", recipe="quick")


def test_other_recordings_under_the_same_names_are_another_training(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tasks: list[Task] = []

    def begin(pack: object, checkpoint: Path, task: Task, **_: object) -> None:
        tasks.append(task)
        raise CheckpointError("that is enough")

    monkeypatch.setattr("synth.training.pipeline.train", begin)
    again = Path(shutil.copytree(corpus, tmp_path / "again"))
    for change in (False, True):
        if change:
            low, *_, high = sorted((again / "train/audio").iterdir())
            low.write_bytes(high.read_bytes())
        with pytest.raises(CheckpointError):
            make_space(again, tmp_path / "toy.safetensors", recipe="quick")
    assert tasks[0] != tasks[1] == replace(tasks[0], corpus=tasks[1].corpus)
