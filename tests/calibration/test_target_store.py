"""Where targets are kept, found and taken away."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibration.targets import target_store
from calibration.targets.target import TargetError, save
from tests.calibration.test_targets import a_target, is_same


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(target_store, "folder", lambda: tmp_path / "targets")
    return tmp_path


def test_what_is_kept_is_found_by_its_name():
    target_store.keep(a_target())
    assert target_store.names() == ["my-swell"]
    assert is_same(target_store.find("my-swell"), a_target())


def test_a_target_is_found_by_its_path(data_folder: Path):
    save(a_target(), data_folder / "sent.target")
    assert is_same(target_store.find(data_folder / "sent.target"), a_target())


def test_an_unknown_name_is_answered_with_those_that_are_kept():
    with pytest.raises(TargetError, match="none are kept yet"):
        target_store.find("swells")
    target_store.keep(a_target())
    with pytest.raises(TargetError, match=r"one that is kept \(my-swell\)"):
        target_store.find("swells")


def test_what_is_removed_is_moved_and_no_removed_one_is_lost():
    for seed in (1, 2):
        target_store.keep(a_target(seed=seed))
        removed = target_store.remove("my-swell")
        assert target_store.names() == []
        assert is_same(target_store.find(removed), a_target(seed=seed))
    assert removed.name == "my-swell (2).target"


def test_removing_what_is_not_there_is_refused():
    with pytest.raises(TargetError, match="no target 'swells'"):
        target_store.remove("swells")


@pytest.mark.parametrize("act", [target_store.find, target_store.remove])
def test_what_every_instrument_has_is_said_to_be_built_in(act: Callable[[str], object]):
    with pytest.raises(TargetError, match="swell is built in: every instrument has it"):
        act("swell")


def test_what_is_built_in_gives_its_name_to_nothing_else():
    with pytest.raises(TargetError, match="swell is built in: .* choose another name"):
        target_store.keep(dataclasses.replace(a_target(), name="swell"))
    assert target_store.names() == []


def test_a_folder_that_cannot_be_written_to_is_said_to_be_so(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (data_folder / "file").write_text("")
    monkeypatch.setattr(target_store, "folder", lambda: data_folder / "file")
    with pytest.raises(TargetError, match="cannot be written"):
        target_store.keep(a_target())


def test_a_kept_target_is_exact():
    target_store.keep(a_target(seed=5))
    np.testing.assert_array_equal(
        target_store.find("my-swell").trajectory, a_target(seed=5).trajectory
    )
