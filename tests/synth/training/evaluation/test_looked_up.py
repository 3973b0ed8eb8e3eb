"""A decoder that looks controls up in a lattice's file."""

import pickle
from pathlib import Path

import numpy as np

from synth.training.evaluation.looked_up import LookedUp
from tests.synth.toy import random_space
from tests.synth.toy_lattice import anchors_plan, grid_plan, toy_reach, written

SPACE = random_space(3)


def test_it_says_what_the_lattice_holds_within_the_spaces_bounds(tmp_path: Path):
    lattice, reach = written(grid_plan(SPACE), tmp_path / "toy.cache"), toy_reach(50)
    frames = reach.codes.astype(np.float32), reach.loudness_db, reach.note
    said = LookedUp(path=tmp_path / "toy.cache", space=SPACE)(*frames)
    assert np.array_equal(said, np.clip(lattice.controls(*frames), SPACE.low, SPACE.high))


def test_another_process_opens_the_file_and_is_not_sent_it(tmp_path: Path):
    written(grid_plan(SPACE), tmp_path / "toy.cache")
    decoder = LookedUp(path=tmp_path / "toy.cache", space=SPACE)
    sent = pickle.dumps(decoder)
    assert len(sent) < (tmp_path / "toy.cache").stat().st_size / 2
    assert pickle.loads(sent).tag == decoder.tag


def test_another_lattice_has_another_tag(tmp_path: Path):
    written(grid_plan(SPACE), tmp_path / "one.cache")
    written(anchors_plan(SPACE), tmp_path / "other.cache")
    one, other = (
        LookedUp(path=tmp_path / name, space=SPACE) for name in ("one.cache", "other.cache")
    )
    assert one.tag != other.tag
