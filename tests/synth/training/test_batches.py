"""What a batch must hold."""

import numpy as np
import pytest
import torch

from synth.controls import STRETCH, note_to_hz
from synth.training.batches import Batches
from synth.training.corpus import read_corpus
from synth.training.features import Features, load_features, measure
from synth.training.pack import Pack
from synth.training.plan import N_DECODED, Planner, frame_at
from synth.training.together import World
from tests.synth.training.toy_corpus import write_toy_corpus

SCALE = (-30.0, 10.0)


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory):
    folder = write_toy_corpus(tmp_path_factory.mktemp("toy"))
    notes = [note for note in read_corpus(folder) if note.split == "train"]
    notes = measure(notes, folder / "cache", n_jobs=1)
    return notes, [load_features(note, folder / "cache") for note in notes]


@pytest.fixture(scope="module")
def pack(features: tuple[list, list[Features]]):
    return Pack(*features)


def test_a_pack_gives_back_what_it_was_made_of(features: tuple[list, list[Features]], pack: Pack):
    for one, again in zip(features[1], (pack[i] for i in range(len(pack))), strict=True):
        assert all(np.array_equal(vars(one)[key], vars(again)[key]) for key in vars(one))


def test_a_pack_lays_out_rows_as_a_note_does(features: tuple[list, list[Features]], pack: Pack):
    frames = np.array([[0, 3, 100], [5, 0, 7]])
    rows = pack.rows(np.array([2, 4]), frames)
    assert np.array_equal(rows[0], features[1][2].rows(frames[0]))
    assert np.array_equal(rows[1], features[1][4].rows(frames[1]))


def test_a_step_has_its_batch_whatever_was_drawn_before(pack: Pack):
    one, other = Batches(pack, SCALE, 3), Batches(pack, SCALE, 3)
    other.draw(0)
    assert torch.equal(one.draw(7).heard, other.draw(7).heard)
    assert torch.equal(one.draw(7).targets, other.draw(7).targets)
    assert not torch.equal(one.draw(7).targets, one.draw(8).targets)


@pytest.mark.parametrize("size", [2, 3])
def test_processes_share_one_batch(pack: Pack, size: int):
    whole = Batches(pack, SCALE, 3).draw(5)
    parts = [
        Batches(pack, SCALE, 3, world=World(rank=rank, size=size)).draw(5) for rank in range(size)
    ]
    for key in ("heard", "noise", "positions", "targets", "conditions", "mix"):
        assert torch.equal(torch.cat([getattr(part, key) for part in parts]), getattr(whole, key))


def test_mates_are_of_about_the_same_pitch(pack: Pack):
    plan = Planner(pack, 32).draw(np.random.default_rng(0))
    pitch = pack.pitch[plan.note].reshape(-1, 2)
    assert (np.abs(pitch[:, 0] - pitch[:, 1]) <= 6).all()


def test_codes_are_often_heard_from_another_note_of_the_instrument(pack: Pack):
    planner = Planner(pack, 32)
    plans = [planner.draw(np.random.default_rng(seed)) for seed in range(20)]
    pairs = [(n, s) for plan in plans for n, s in zip(plan.note, plan.source, strict=True)]
    assert all(pack.notes[n].instrument == pack.notes[s].instrument for n, s in pairs)
    assert np.mean([n != s for n, s in pairs]) == pytest.approx(0.6 * 0.75, abs=0.08)


def test_a_crop_that_is_left_alone_holds_its_own_notes_frames(pack: Pack):
    notes, frames = np.array([1, 3]), np.tile(np.arange(45, 109), (2, 1))
    batch = Batches(pack, SCALE, 0).plain(notes, np.array([4, 4]), frames)
    assert np.array_equal(batch.targets.numpy(), pack.rows(notes, frames))
    hz = note_to_hz(pack.note[pack.at(notes, frames)])
    assert batch.frames.f0_hz.numpy() == pytest.approx(hz, rel=1e-5)


def test_the_first_frame_of_a_strike_is_the_strike(pack: Pack):
    batch = Batches(pack, SCALE, 0).draw(0)
    struck = batch.frames.strikes.any(1)
    assert batch.frames.strikes[struck, 0].all()
    assert batch.targets.shape[1] == N_DECODED
    assert (batch.targets[..., STRETCH].abs() < 0.1).all()


@pytest.mark.parametrize(("sample", "frame"), [(0, 0), (64, 1), (2879, 44), (2880, 45), (3072, 46)])
def test_frames_lie_where_the_analysis_puts_them(sample: int, frame: int):
    assert frame_at(np.array([sample])) == [frame]
