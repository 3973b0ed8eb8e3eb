"""How training goes on, stops and fails."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from synth.training import train as training
from synth.training.batches import Batches
from synth.training.checkpoint import CheckpointError, Task, load_checkpoint
from synth.training.corpus import read_corpus
from synth.training.features import load_features, measure
from synth.training.pack import Pack
from synth.training.recipe import Recipe
from synth.training.staff import StaffError
from synth.training.together import World, joined_world
from synth.training.train import (
    MOST_PROCESSES,
    Report,
    held_interrupts,
    learning_rate,
    prefetched,
    train,
)
from tests.synth.training.toy_corpus import write_toy_corpus

RECIPE = Recipe(teach_steps=4, distil_steps=3, polish_steps=2)
CROPS = {"teach": 8, "distil": 8, "polish": 4}
TASK = Task(recipe=RECIPE, seed=0, corpus="toy")


def pack_of(folder: Path):
    notes = [note for note in read_corpus(folder) if note.split == "train"]
    learned = measure(notes, folder / "cache", n_jobs=1)
    return Pack(learned, (load_features(note, folder / "cache") for note in learned))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory):
    return write_toy_corpus(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def pack(corpus: Path):
    return pack_of(corpus)


@pytest.fixture(scope="module", autouse=True)
def small_batches():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "CROPS", CROPS)
        yield


@pytest.fixture(scope="module")
def uninterrupted(pack: Pack, small_batches: None, tmp_path_factory: pytest.TempPathFactory):
    return train(pack, tmp_path_factory.mktemp("whole") / "c", TASK).state_dict()


@pytest.fixture(autouse=True)
def reported_each_step(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "REPORT_STEPS", 1)
    monkeypatch.setattr(training, "CHECKPOINT_S", -1.0)


def stopping(lesson: str, at: float, error: type[BaseException]) -> Report:
    def report(name: str, share: float, losses: dict[str, float]) -> None:
        if name == lesson and share >= at:
            raise error

    return report


@pytest.mark.slow
def test_training_learns(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "MEMORY", 0.0)
    losses = []
    task = Task(recipe=Recipe(teach_steps=30, distil_steps=1, polish_steps=1), seed=0, corpus="")
    train(pack, tmp_path / "c", task, report=lambda *news: losses.append(dict(news[2])))
    assert losses[29]["bands_db"] < 0.8 * losses[0]["bands_db"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lesson", "at", "error"),
    [
        ("teach", 0.5, KeyboardInterrupt),
        ("distil", 1.0, KeyboardInterrupt),
        ("distil", 0.3, SystemExit),
        ("polish", 0.5, SystemExit),
    ],
)
def test_interrupted_and_resumed_equals_uninterrupted(
    pack: Pack, tmp_path: Path, uninterrupted: dict, lesson: str, at: float, error: type
):
    with pytest.raises(error):
        train(pack, tmp_path / "c", TASK, report=stopping(lesson, at, error))
    resumed = train(pack, tmp_path / "c", TASK).state_dict()
    assert all(torch.equal(resumed[key], value) for key, value in uninterrupted.items())


def test_what_is_done_is_not_done_again(pack: Pack, tmp_path: Path):
    train(pack, tmp_path / "c", TASK)
    told = []
    train(pack, tmp_path / "c", TASK, report=lambda *news: told.append(news))
    assert told == []


def test_ctrl_c_waits_for_the_step_to_end():
    done = []

    @held_interrupts()
    def step() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        done.append("the rest of the step")

    with pytest.raises(KeyboardInterrupt):
        step()
    assert done == ["the rest of the step"]


def test_a_checkpoint_of_another_training_is_refused(pack: Pack, tmp_path: Path):
    train(
        pack,
        tmp_path / "c",
        Task(recipe=Recipe(teach_steps=1, distil_steps=1, polish_steps=1), seed=0, corpus="toy"),
    )
    with pytest.raises(CheckpointError, match="recipe differs"):
        train(pack, tmp_path / "c", TASK)


def test_a_damaged_checkpoint_is_named_with_its_remedy(tmp_path: Path):
    (tmp_path / "c").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="damaged or of another version; delete it or train"):
        load_checkpoint(tmp_path / "c", TASK)


def test_batches_come_in_order_and_each_once():
    assert list(prefetched(lambda step: step * step, 3, 7)) == [9, 16, 25, 36]
    assert list(prefetched(lambda step: step, 7, 7)) == []


def test_the_learning_rate_warms_up_then_falls():
    rates = [learning_rate((1.0, 0.01), step, 1000) for step in (0, 150, 500, 999)]
    assert rates[0] < rates[3] < rates[2] < rates[1]
    assert rates[3] < 0.02


LAUNCH = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr=localhost"]
"""The kernel chooses the ports as they are opened; this machine's own name need not be looked up."""


@pytest.mark.long
def test_two_processes_learn_what_one_learns(corpus: Path, tmp_path: Path, uninterrupted: dict):
    script = Path(__file__).with_name("trained_together.py")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    ran = subprocess.run(
        [*LAUNCH, "--nproc-per-node=2", script, corpus, tmp_path / "both"],
        check=False, env=environment, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    both = torch.load(tmp_path / "both", weights_only=True)["model"]
    for key, value in uninterrupted.items():
        assert torch.allclose(both[key], value, rtol=1e-2, atol=1e-3), key


def test_each_process_has_something_to_do_or_is_refused(
    monkeypatch: pytest.MonkeyPatch, pack: Pack
):
    batches = [
        Batches(pack, (-30.0, 10.0), 0, world=World(rank=rank, size=MOST_PROCESSES), n_crops=16)
        for rank in range(MOST_PROCESSES)
    ]
    assert [len(one.draw(0).heard) for one in batches] == [2] * MOST_PROCESSES
    monkeypatch.setenv("WORLD_SIZE", "9")
    with (
        pytest.raises(
            StaffError, match="9 processes are too many to share a training; start 8 at most"
        ),
        joined_world(MOST_PROCESSES),
    ):
        pass


@pytest.mark.slow
def test_notes_too_short_to_be_listened_to_are_learned_without_polish(tmp_path: Path):
    corpus = write_toy_corpus(tmp_path / "short", seconds=0.15)
    steps: list[str] = []
    train(pack_of(corpus), tmp_path / "c", TASK, report=lambda name, *_: steps.append(name))
    assert steps.count("distil") == RECIPE.distil_steps + 1
    assert steps.count("polish") == 1
