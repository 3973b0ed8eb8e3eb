"""How training goes on, stops and fails."""

from pathlib import Path

import pytest
import torch

from synth.training.batches import Batches
from synth.training.corpus import Note, read_corpus
from synth.training.features import Features, load_features, measure
from synth.training.train import (
    CheckpointError,
    Report,
    Trainer,
    learning_rate,
    statistics,
    train,
)
from tests.synth.training.toy_corpus import write_toy_corpus

Corpus = tuple[list[Note], list[Features]]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("toy")
    notes = read_corpus(write_toy_corpus(folder))
    learned = [note for note in measure(notes, folder / "cache", n_jobs=1) if note.split == "train"]
    return learned, [load_features(note, folder / "cache") for note in learned]


def trained(corpus: Corpus, path: Path, minutes: float, **options: Report):
    return train(*corpus, path, minutes=minutes, seed=0, **options)


def steps_of(path: Path):
    return torch.load(path, weights_only=True)["progress"]["steps"]


@pytest.mark.slow
def test_training_learns(corpus: Corpus):
    trainer = Trainer(statistics(corpus[1]), seed=0)
    batches = Batches(*corpus, trainer.scale, seed=0)
    first = None
    for _ in range(60):
        trainer.learn(batches.draw())
        first = first or dict(trainer.progress.losses)
    trainer.progress.losses.clear()
    trainer.learn(batches.draw())
    assert trainer.progress.losses["partials_db"] < 0.5 * first["partials_db"]


def test_a_checkpoint_is_gone_on_from(corpus: Corpus, tmp_path: Path):
    trained(corpus, tmp_path / "c", 0.005)
    before = steps_of(tmp_path / "c")
    trained(corpus, tmp_path / "c", 0.01)
    assert steps_of(tmp_path / "c") > before


def test_spent_time_is_not_spent_again(corpus: Corpus, tmp_path: Path):
    trained(corpus, tmp_path / "c", 0.005)
    before = steps_of(tmp_path / "c")
    trained(corpus, tmp_path / "c", 0.005)
    assert steps_of(tmp_path / "c") == before


def test_an_interruption_leaves_a_checkpoint(corpus: Corpus, tmp_path: Path):
    def interrupt(share: float, losses: dict[str, float]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path / "c", 10.0, report=interrupt)
    assert steps_of(tmp_path / "c") >= 1


def test_the_same_seed_draws_the_same_batches(corpus: Corpus):
    draws = [Batches(*corpus, (-30.0, 10.0), seed=3).draw() for _ in range(2)]
    assert torch.equal(draws[0].heard, draws[1].heard)
    assert torch.equal(draws[0].targets, draws[1].targets)


def test_a_damaged_checkpoint_is_named_with_its_remedy(corpus: Corpus, tmp_path: Path):
    (tmp_path / "c").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="damaged or of another version; delete it or train"):
        trained(corpus, tmp_path / "c", 0.01)


def test_the_learning_rate_warms_up_then_falls():
    rates = [
        learning_rate(0, 0),
        learning_rate(0.0, 100),
        learning_rate(0.5, 999),
        learning_rate(1, 999),
    ]
    assert rates[0] < rates[2] < rates[1]
    assert rates[3] < rates[2] / 10
