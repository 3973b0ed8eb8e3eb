"""The evidence for learning from A/B answers, and how it is summed up."""

from pathlib import Path

import numpy as np
import pytest

from calibration.refinements.gains import GAINS
from calibration.refinements.judgement import Answer
from calibration.study.ab_plot import save_ab_plot
from calibration.study.ab_trials import (
    AUDIBLE,
    MIS_SET,
    Trial,
    listener,
    refinement_table,
    trial,
)
from calibration.study.plan import StudyError
from presets.spaces import factory_space
from synth.space import Space

OTHER_SEED = 17


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def of(distances_db: list[float]) -> Trial:
    return Trial(
        preset="breath",
        noticed_db=0.5,
        distances_db=np.array(distances_db),
        rendered_db=(distances_db[0], distances_db[-1]),
    )


def test_a_mis_set_is_of_four_gains_and_audible(space: Space):
    heard, mis_set = listener(space, 0, OTHER_SEED)
    moved = {gain.name for gain, off in zip(GAINS, mis_set - heard.wish) if off}
    assert moved <= set(MIS_SET)
    assert heard.distance_db(mis_set) > AUDIBLE * heard.noticed_db


def test_a_listener_prefers_the_wish_to_a_mis_set_but_for_lapses(space: Space):
    heard, mis_set = listener(space, 0, OTHER_SEED)
    said = [heard.choose(heard.wish, mis_set) for _ in range(40)]
    assert said.count(Answer.FIRST) > 30


def test_a_listener_hears_no_difference_where_there_is_none(space: Space):
    heard, mis_set = listener(space, 0, OTHER_SEED)
    said = [heard.choose(mis_set, mis_set) for _ in range(40)]
    assert said.count(Answer.SAME) > 30


@pytest.mark.slow
def test_a_few_answers_bring_the_sound_nearer_to_the_wish(space: Space):
    done = trial(space, 0, OTHER_SEED, n_answers=5)
    assert done.regained[-1] > 0.5
    assert done.rendered_regained > 0.4


def test_the_table_holds_means_and_standard_errors_for_each_round():
    rows = refinement_table([of([4.0, 2.0, 1.0]), of([8.0, 4.0, 0.0])])
    assert [row["answers"] for row in rows] == [0, 1, 2]
    assert rows[1]["regained"] == pytest.approx(0.5)
    assert rows[2]["regained"] == pytest.approx(0.875)
    assert rows[2]["regained_se"] == pytest.approx(0.125)
    assert rows[0]["distance_noticed"] == pytest.approx(12.0)
    assert rows[2]["rendered_regained"] == pytest.approx(0.875)


def test_trials_are_drawn(tmp_path: Path):
    save_ab_plot([of([4.0, 2.0, 1.0]), of([8.0, 4.0, 0.0])], tmp_path / "ab.png")
    assert (tmp_path / "ab.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    with pytest.raises(StudyError, match="cannot be written"):
        save_ab_plot([of([4.0, 2.0]), of([8.0, 4.0])], tmp_path / "none" / "ab.png")
