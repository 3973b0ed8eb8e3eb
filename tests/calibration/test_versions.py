"""Versions of a preset in work: none is lost, whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.refinements import versions as module
from calibration.refinements.refusal import RefinementError
from calibration.refinements.versions import Versions, hash_of
from presets.preset import Preset
from tests.presets.test_preset import a_mapping, a_preset


def numbered(seed: int) -> Preset:
    return replace(a_preset(), mapping=a_mapping(seed=seed))


def begun(folder: Path, steps: int = 3) -> Versions:
    versions = Versions(folder)
    for seed in range(steps):
        versions.add(numbered(seed), f"Step {seed + 1}", {"seed": seed})
    return versions


def test_every_step_is_kept_and_returns_bit_for_bit(tmp_path: Path):
    versions = Versions(tmp_path / "reed") if begun(tmp_path / "reed") else None
    assert versions
    assert [step.done for step in versions.every()] == ["Step 1", "Step 2", "Step 3"]
    for seed, step in enumerate(versions.every()):
        preset = versions.preset(step)
        assert preset.to_bytes() == numbered(seed).to_bytes()
        assert preset.mapping.blob().tobytes() == numbered(seed).mapping.blob().tobytes()


def test_undo_goes_back_and_redo_forward_again(tmp_path: Path):
    versions = begun(tmp_path)
    assert versions.undo().number == 2
    assert versions.undo().number == 1
    assert versions.redo().number == 2
    assert versions.redo().number == 3


def test_a_step_from_an_undone_one_grows_a_branch_and_loses_nothing(tmp_path: Path):
    versions = begun(tmp_path)
    versions.undo()
    branch = versions.add(numbered(9), "Another way")
    assert (branch.number, branch.after) == (4, 2)
    assert versions.undo().number == 2
    assert versions.redo().number == 4
    assert versions.go_to(3).done == "Step 3"


def test_there_is_a_first_step_and_a_last(tmp_path: Path):
    versions = begun(tmp_path)
    with pytest.raises(RefinementError, match="nothing to redo"):
        versions.redo()
    versions.go_to(1)
    with pytest.raises(RefinementError, match="nothing to undo"):
        versions.undo()


def test_a_version_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path):
    with pytest.raises(RefinementError, match="no version 8; the versions kept are 1, 2, 3"):
        begun(tmp_path).go_to(8)


def test_what_a_step_speaks_of_is_kept_with_it(tmp_path: Path):
    versions = Versions(tmp_path)
    versions.add(numbered(0), "First", things={"touches": b"what was played"})
    assert versions.thing(hash_of(b"what was played")) == b"what was played"


def test_a_damaged_part_is_refused_and_mended_when_it_is_kept_again(tmp_path: Path):
    versions = begun(tmp_path, 1)
    step = versions.every()[0]
    (tmp_path / "things" / step.preset).write_bytes(b"no longer a preset")
    with pytest.raises(RefinementError, match="damaged"):
        versions.preset(step)
    versions.add(numbered(0), "Again")
    assert versions.preset(step).to_bytes() == numbered(0).to_bytes()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"number": "x"}', b'{"number": 99}'])
def test_without_its_mark_the_newest_step_is_heard(tmp_path: Path, damage: bytes):
    versions = begun(tmp_path)
    versions.undo()
    (tmp_path / "now.json").write_bytes(damage)
    step = Versions(tmp_path).now()
    assert step
    assert step.number == 3


def test_a_damaged_step_hides_no_other(tmp_path: Path):
    versions = begun(tmp_path)
    (tmp_path / "steps" / "000002.json").write_bytes(b"?")
    assert [step.number for step in versions.every()] == [1, 3]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RefinementError, match="cannot be written"):
        Versions(tmp_path / "file" / "reed").add(numbered(0), "First")


class CrashError(BaseException):
    """The power goes."""


def crash_at(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end just before the so manyth change of the disk."""
    left = [count]

    def breaking(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise CrashError
            return change(*arguments, **options)

        return changed

    for name in ("replace", "hardlink_to", "unlink"):
        monkeypatch.setattr(Path, name, breaking(getattr(Path, name)))
    monkeypatch.setattr(os, "fsync", breaking(os.fsync))


@pytest.mark.parametrize("count", range(10))
def test_a_crash_at_any_change_of_the_disk_loses_at_most_the_step_being_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
):
    begun(tmp_path, 2)
    with monkeypatch.context() as broken:
        crash_at(count, broken)
        with pytest.raises(CrashError):
            Versions(tmp_path).add(numbered(5), "Third")
    after = Versions(tmp_path)
    now = after.now()
    assert now
    assert [step.number for step in after.every()][:2] == [1, 2]
    for step in after.every():
        after.preset(step)
    assert after.add(numbered(6), "Fourth").after == now.number


TAKING_STEPS = """
import sys
from pathlib import Path
from calibration.refinements.versions import Versions
from tests.calibration.test_versions import numbered
versions, presets = Versions(Path(sys.argv[1])), [numbered(seed) for seed in range(4)]
for count in range(10_000):
    print(versions.add(presets[count % 4], "Step").number, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_every_step_told_is_kept(tmp_path: Path):
    for wait_s in (0.02, 0.05, 0.011):
        process = subprocess.Popen(
            [sys.executable, "-c", TAKING_STEPS, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout
        told = [int(process.stdout.readline())]
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().splitlines() if line]
        process.wait()
        process.stdout.close()
        versions = Versions(tmp_path)
        steps = versions.every()
        assert [step.number for step in steps][: told[-1]] == list(range(1, told[-1] + 1))
        now = versions.now()
        assert now
        assert now.number >= told[-1]
        versions.preset(now)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["add", "undo", "redo", "first"]), max_size=12))
def test_whatever_is_done_the_preset_heard_is_that_of_its_step(moves: list[str]):
    folder = Path(tempfile.mkdtemp())
    try:
        versions, heard = begun(folder, 1), {1: numbered(0).to_bytes()}
        for count, move in enumerate(moves, start=1):
            try:
                if move == "add":
                    step = versions.add(numbered(count), "More")
                    heard[step.number] = numbered(count).to_bytes()
                elif move == "first":
                    versions.go_to(1)
                else:
                    getattr(versions, move)()
            except RefinementError:
                continue
        now = Versions(folder).now()
        assert now
        assert Versions(folder).preset(now).to_bytes() == heard[now.number]
        assert len(Versions(folder).every()) == len(heard)
    finally:
        shutil.rmtree(folder)


def test_work_on_a_preset_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(module, "user_data_path", lambda *_, **__: tmp_path)
    assert module.work_folder("reed") == tmp_path / "calibration" / "work" / "reed"
