"""Arrays that are measured once."""

from pathlib import Path

import numpy as np
import pytest

from synth.training.evaluation.shelf import Arrays, recalled


def measured() -> Arrays:
    return {"rows": np.arange(3.0)}


def unasked() -> Arrays:
    raise AssertionError


def test_what_is_kept_is_not_measured_again(tmp_path: Path):
    recalled(tmp_path, "a flute", measured)
    assert recalled(tmp_path, "a flute", unasked)["rows"].tolist() == [0.0, 1.0, 2.0]


def test_other_content_is_measured(tmp_path: Path):
    recalled(tmp_path, "a flute", measured)
    with pytest.raises(AssertionError):
        recalled(tmp_path, "an oboe", unasked)


@pytest.mark.parametrize("left", [0, 40])
def test_what_a_lost_disk_left_of_it_is_measured_anew(tmp_path: Path, left: int):
    recalled(tmp_path, "a flute", measured)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:left])
    assert recalled(tmp_path, "a flute", measured)["rows"].tolist() == [0.0, 1.0, 2.0]
    assert recalled(tmp_path, "a flute", unasked)["rows"].tolist() == [0.0, 1.0, 2.0]
