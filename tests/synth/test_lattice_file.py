"""The files of lattices: written whole or not at all, gone on with, mapped, and refused when damaged."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from synth.lattice import Lattice
from synth.lattice_file import HEADER_BYTES, PARTIAL, open_lattice, read_card, write_lattice
from synth.space import SpaceError
from tests.synth.toy import random_space
from tests.synth.toy_lattice import anchors_plan, grid_plan, toy_reach, written

same_folder = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
PLAN = anchors_plan(random_space(3))


def partial(path: Path) -> Path:
    return path.with_name(path.name + PARTIAL)


def interrupted(path: Path, after: int) -> None:
    """Build a lattice, and press Ctrl-C after so many codes."""

    def tell(done: int, _: int) -> None:
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lattice(path, PLAN.card, PLAN.arrays, PLAN.rows, lambda _: {}, tell)


def test_what_was_written_is_what_is_mapped(tmp_path: Path):
    lattice = written(PLAN, tmp_path / "toy.cache")
    assert all(np.array_equal(lattice.arrays[name], PLAN.arrays[name]) for name in PLAN.arrays)
    assert np.array_equal(lattice.arrays["table"][7], PLAN.rows(7))


def test_safetensors_itself_reads_the_file(tmp_path: Path):
    lattice = written(PLAN, tmp_path / "toy.cache")
    with safe_open(tmp_path / "toy.cache", "numpy") as file:
        assert set(file.keys()) == set(lattice.arrays)
        assert all(np.array_equal(file.get_tensor(k), lattice.arrays[k]) for k in lattice.arrays)


def test_what_is_mapped_cannot_be_changed(tmp_path: Path):
    table = written(PLAN, tmp_path / "toy.cache").arrays["table"]
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0


def test_figures_are_measured_on_the_table_and_kept_in_the_file(tmp_path: Path):
    def judge(lattice: Lattice) -> dict[str, float]:
        return {"mean": float(lattice.arrays["table"].mean())}

    path = tmp_path / "toy.cache"
    write_lattice(path, PLAN.card, PLAN.arrays, PLAN.rows, judge)
    wanted = np.mean([PLAN.rows(code).mean() for code in range(PLAN.card.n_codes)])
    assert read_card(path).figures["mean"] == pytest.approx(wanted)


def test_an_interrupted_run_leaves_no_lattice(tmp_path: Path):
    interrupted(tmp_path / "toy.cache", 5)
    assert not (tmp_path / "toy.cache").exists()


def test_the_next_run_goes_on_and_gives_the_same_file(tmp_path: Path):
    written(PLAN, tmp_path / "whole.cache")
    path, asked = tmp_path / "toy.cache", []
    interrupted(path, 5)
    with partial(path).open("ab") as file:
        file.write(b"a part of a code")

    def rows(code: int) -> np.ndarray:
        asked.append(code)
        return PLAN.rows(code)

    write_lattice(path, PLAN.card, PLAN.arrays, rows, lambda _: {})
    assert asked == list(range(5, PLAN.card.n_codes))
    assert path.read_bytes() == (tmp_path / "whole.cache").read_bytes()
    assert not partial(path).exists()


def test_what_another_run_left_is_not_gone_on_with(tmp_path: Path):
    path = tmp_path / "toy.cache"
    interrupted(path, 5)
    other = anchors_plan(random_space(4), toy_reach(30))
    assert np.array_equal(written(other, path).arrays["table"][0], other.rows(0))


def test_an_unwritable_place_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SpaceError, match=r"cannot be written \(.*\); make room there"):
        written(PLAN, tmp_path / "file" / "toy.cache")


def refusal(path: Path) -> str:
    with pytest.raises(SpaceError) as refused:
        open_lattice(path)
    return str(refused.value)


def test_a_missing_file_is_told(tmp_path: Path):
    assert "cannot be read (No such file" in refusal(tmp_path / "gone.cache")


@pytest.mark.parametrize("n_bytes", [0, 7, 100, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 99])
def test_a_file_that_was_cut_is_refused(tmp_path: Path, n_bytes: int):
    path = tmp_path / "toy.cache"
    written(PLAN, path)
    path.write_bytes(path.read_bytes()[:n_bytes])
    assert "build it again" in refusal(path)


@same_folder
@given(at=st.integers(0, 2500), byte=st.integers(0, 255))
def test_a_header_with_another_byte_is_refused_or_harmless(tmp_path: Path, at: int, byte: int):
    path = tmp_path / "toy.cache"
    if not (tmp_path / "whole").exists():
        written(PLAN, tmp_path / "whole")
    content = bytearray((tmp_path / "whole").read_bytes())
    content[at] = byte
    path.write_bytes(content)
    try:
        assert open_lattice(path).card.shapes() == PLAN.card.shapes()
    except SpaceError as error:
        assert "build it again" in str(error)  # noqa: PT017


@same_folder
@given(st.binary(max_size=200))
def test_bytes_out_of_a_hat_are_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "toy.cache"
    path.write_bytes(content)
    assert "build it again" in refusal(path)


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path):
    bad = PLAN.arrays | {"anchors": np.full_like(PLAN.arrays["anchors"], np.nan)}
    with pytest.raises(SpaceError, match="not finite"):
        write_lattice(tmp_path / "toy.cache", PLAN.card, bad, PLAN.rows, lambda _: {})


def test_a_grid_is_kept_as_well(tmp_path: Path):
    plan = grid_plan(random_space(3))
    lattice = written(plan, tmp_path / "toy.cache")
    assert lattice.card.grid == plan.card.grid
