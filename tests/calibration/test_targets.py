"""A target as a file: exact when ours, refused in one sentence when damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.targets.target import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    TARGET_RATE_HZ,
    Target,
    TargetError,
    load,
    save,
)
from mapper.mapping import HIGHEST, LOWEST, TRAJECTORY_SIZE


def a_target(n_rows: int = 150, seed: int = 0, **changes: object) -> Target:
    rng = np.random.default_rng(seed)
    trajectory = np.clip(rng.normal(-20.0, 6.0, (n_rows, TRAJECTORY_SIZE)), LOWEST, HIGHEST)
    loudness_db, cents = trajectory[:, -2], trajectory[:, -1]
    described = np.stack([loudness_db, rng.uniform(0, 1, n_rows), cents], axis=1)
    fields = {
        "name": "my-swell",
        "kind": "swell",
        "note": 60.5,
        "strike": 0.7,
        "held_s": 1.0,
        "trajectory": trajectory.astype(np.float32),
        "descriptors": described.astype(np.float32),
    }
    return Target(**(fields | changes))  # type: ignore[arg-type]


def is_same(one: Target, other: Target) -> bool:
    return (
        one.card == other.card
        and np.array_equal(one.trajectory, other.trajectory)
        and np.array_equal(one.descriptors, other.descriptors)
    )


def test_a_target_survives_its_file_bit_for_bit(tmp_path: Path):
    target = a_target()
    save(target, tmp_path / "new" / "my-swell.target")
    assert is_same(load(tmp_path / "new" / "my-swell.target"), target)


def test_equal_targets_give_equal_bytes():
    assert a_target().to_bytes() == a_target().to_bytes()


def test_the_version_before_stays_beside_the_file(tmp_path: Path):
    path = tmp_path / "my-swell.target"
    save(a_target(seed=1), path)
    save(a_target(seed=2), path)
    assert is_same(load(tmp_path / "my-swell.target.old"), a_target(seed=1))


def test_a_target_knows_its_length_and_the_age_of_its_rows():
    target = a_target(n_rows=250)
    assert target.length_s == 250 / TARGET_RATE_HZ
    assert target.times_s[[0, 100]].tolist() == [0.0, 1.0]


def test_the_longest_target_fits_in_the_largest_file():
    assert len(a_target(n_rows=MAX_ROWS).to_bytes()) <= MAX_FILE_BYTES


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "../escape"}, "'name' is not allowed"),
        ({"strike": float("nan")}, "'strike' is not allowed"),
        ({"note": 128.0}, "'note' is not allowed"),
        ({"held_s": 1.6}, "cannot be held for 1.6 s"),
        ({"held_s": 0.0}, "'held_s' is not allowed"),
        ({"trajectory": np.zeros((150, 17), np.float32)}, "must have"),
        ({"trajectory": np.zeros((150, 18))}, "must have"),
        ({"trajectory": np.full((150, 18), np.nan, np.float32)}, "cannot be played"),
        ({"trajectory": np.full((150, 18), 9.0, np.float32)}, "cannot be played"),
        ({"descriptors": np.full((150, 3), np.inf, np.float32)}, "cannot be played"),
        ({"descriptors": np.zeros((149, 3), np.float32)}, "equally long"),
        ({"trajectory": np.zeros((1, 18), np.float32), "held_s": 0.01}, "2 to 6000"),
    ],
)
def test_what_cannot_be_played_is_refused(changes: dict[str, object], message: str):
    with pytest.raises(TargetError, match=message):
        a_target(**changes)


def reading(packed: bytes) -> Target | str:
    """Read a target, or say why it is none."""
    try:
        return Target.from_bytes(packed)
    except TargetError as error:
        return str(error)


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(0, 4000), put=st.binary(min_size=1, max_size=12), rest=st.sampled_from([0, 1])
)
def test_a_damaged_file_is_refused_in_one_sentence_or_read_as_a_legal_target(
    at: int, put: bytes, rest: int
):
    packed = a_target(n_rows=20, held_s=0.1).to_bytes()
    at %= len(packed)
    read = reading(packed[:at] + put + packed[at + len(put) :] * rest)
    assert "\n" not in read if isinstance(read, str) else np.isfinite(read.trajectory).all()


def test_a_file_of_any_other_kind_is_refused(tmp_path: Path):
    for content in (b"", b"RIFF", b"\xff" * 64, bytes(64), b"0" * (MAX_FILE_BYTES + 1)):
        (tmp_path / "no.target").write_bytes(content)
        with pytest.raises(TargetError, match=r"no\.target cannot be opened"):
            load(tmp_path / "no.target")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(TargetError, match="No such file"):
        load(tmp_path / "none.target")


def test_a_target_says_which_space_its_codes_are_points_of():
    packed = replace(a_target(), space_sha256="ab" * 32).to_bytes()
    assert Target.from_bytes(packed).space_sha256 == "ab" * 32
