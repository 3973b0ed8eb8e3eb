"""How a space is moved in, measured between pairs of its instruments."""

from pathlib import Path

import pytest

from synth.space import Space
from synth.training.evaluation.intervals import Figure
from synth.training.evaluation.moves import measure_moves
from synth.training.evaluation.table import MOVES
from tests.synth.moving.tiny import tiny_space

SPACE = tiny_space()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moves") / "scores"


@pytest.fixture(scope="module")
def moves(store: Path) -> dict[str, Figure]:
    return measure_moves(SPACE, store, n_pairs=3, n_jobs=1)


def test_every_way_to_move_is_measured_and_told(moves: dict[str, Figure]):
    assert set(MOVES) - {"beyond_in_tune"} <= set(moves) <= set(MOVES)


def test_figures_of_ways_count_pairs_and_those_of_analogies_questions(moves: dict[str, Figure]):
    assert moves["step_by_ear"].n == moves["beyond_finite"].n == moves["attack_mixed"].n == 3
    assert moves["analogy_rank"].n == 18
    assert moves["pitch_leaked"].n == len(SPACE.card.sounds)


def test_ways_are_no_shorter_than_straight_and_shares_are_shares(moves: dict[str, Figure]):
    assert min(moves[name].value for name in moves if name.startswith(("step", "path"))) >= 1.0
    for name in ("beyond_finite", "beyond_reached", "analogy_rank", "analogy_nearer"):
        assert 0.0 <= moves[name].low <= moves[name].value <= moves[name].high <= 1.0


def test_steps_by_ear_are_evener_than_steps_in_codes(moves: dict[str, Figure]):
    assert moves["step_by_ear"].value < moves["step_in_codes"].value


def test_what_was_measured_is_not_measured_again(
    moves: dict[str, Figure], store: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("synth.moving.measures.hearing.render", None)
    assert measure_moves(SPACE, store, n_pairs=3, n_jobs=1) == moves


def test_another_codebook_is_measured_anew(moves: dict[str, Figure], store: Path):
    codes = {"codebook.codes": 0.5 * SPACE.codes}
    other = Space(SPACE.card, SPACE.arrays | codes)
    found = measure_moves(other, store, n_pairs=3, n_jobs=1)
    assert found["path_in_codes"] != moves["path_in_codes"]


def test_in_a_space_of_one_instrument_there_is_no_way_to_go(store: Path):
    assert measure_moves(tiny_space(1), store, n_jobs=1) == {}
