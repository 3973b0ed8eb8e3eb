"""Analysing a corpus: what is measured is kept by its content, whoever measures it."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from threadpoolctl import threadpool_limits

from synth.analysis.note import analyse
from synth.training import features
from synth.training.corpus import CorpusError, Note, read_corpus
from synth.training.features import load_features, measure, recording
from synth.training.staff import StaffError
from tests.synth.training.toy_corpus import write_toy_corpus


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> list[Note]:
    return read_corpus(write_toy_corpus(tmp_path_factory.mktemp("toy")))


@pytest.fixture(scope="module")
def alone(notes: list[Note], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files that one process makes of the corpus."""
    cache = tmp_path_factory.mktemp("alone")
    measure(notes, cache, n_jobs=1)
    return files(cache)


def files(cache: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cache.iterdir()}


class Cluster:
    """Two worker processes on this computer, and how they end."""

    def __init__(self, dask: Any) -> None:  # noqa: ANN401
        self.dask = dask
        self.address: str = dask.scheduler_address

    def kill_a_worker(self) -> None:
        os.kill(next(iter(self.dask.workers.values())).pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as dask:
        yield Cluster(dask)


def test_a_note_comes_back_as_it_was_analysed(notes: list[Note], tmp_path: Path):
    measure(notes[:1], tmp_path, n_jobs=1)
    kept = load_features(notes[0], tmp_path).unpack()
    with threadpool_limits(limits=1, user_api="blas"):
        fresh = analyse(*recording(notes[0]), 48)
    assert kept.controls == pytest.approx(fresh.controls, abs=0.07)
    assert kept.note == pytest.approx(fresh.note)


def test_what_was_measured_is_not_measured_again(
    notes: list[Note], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = measure(notes, tmp_path, n_jobs=1)
    monkeypatch.setattr(features, "analyse", None)
    assert measure(notes, tmp_path, n_jobs=1) == first


def test_an_analysis_that_a_lost_disk_left_half_is_said_to_be_made_anew(
    notes: list[Note], alone: dict[str, bytes], tmp_path: Path
):
    for name, content in alone.items():
        (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(CorpusError, match="damaged; delete it if it is there, and run the same"):
        load_features(notes[0], tmp_path)


def test_a_corpus_that_moved_is_known_by_its_content(
    notes: list[Note], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    measure(notes[:2], tmp_path / "cache", n_jobs=1)
    moved = [replace(n, path=tmp_path / f"{i}.wav", split="test") for i, n in enumerate(notes[:2])]
    for before, after in zip(notes, moved, strict=False):
        shutil.copy(before.path, after.path)
    monkeypatch.setattr(features, "analyse", None)
    assert len(measure(moved, tmp_path / "cache", n_jobs=1)) == 2


def test_another_recording_under_the_same_name_is_measured_anew(notes: list[Note], tmp_path: Path):
    path = tmp_path / "note.wav"
    shutil.copy(notes[0].path, path)
    note = replace(notes[0], path=path)
    measure([note], tmp_path / "cache", n_jobs=1)
    shutil.copy(notes[1].path, path)
    os.utime(path, ns=(0, 0))
    measure([note], tmp_path / "cache", n_jobs=1)
    assert len(files(tmp_path / "cache")) == 2


def test_a_silent_recording_drops_out(notes: list[Note], tmp_path: Path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(48_000), 48_000)
    silent = replace(notes[0], path=tmp_path / "silent.wav")
    assert measure([notes[0], silent], tmp_path / "cache", n_jobs=1) == [notes[0]]


def test_a_recording_that_is_not_audio_is_named(notes: list[Note], tmp_path: Path):
    (tmp_path / "noise.wav").write_bytes(b"no audio")
    with pytest.raises(CorpusError, match=r"noise\.wav cannot be read as audio; restore it"):
        measure([replace(notes[0], path=tmp_path / "noise.wav")], tmp_path / "cache", n_jobs=1)


def test_an_interrupted_analysis_keeps_what_is_done(notes: list[Note], tmp_path: Path):
    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(notes, tmp_path, n_jobs=1, progress=stop)
    assert len(files(tmp_path)) == 3


def test_two_processes_write_what_one_writes(
    notes: list[Note], alone: dict[str, bytes], tmp_path: Path
):
    measure(notes, tmp_path, n_jobs=2)
    assert files(tmp_path) == alone


def test_a_cluster_writes_what_one_process_writes(
    notes: list[Note], alone: dict[str, bytes], cluster: Cluster, tmp_path: Path
):
    measure(notes, tmp_path, scheduler=cluster.address)
    assert files(tmp_path) == alone


def test_a_worker_killed_half_way_loses_nothing(
    notes: list[Note], alone: dict[str, bytes], cluster: Cluster, tmp_path: Path
):
    killed = threading.Event()

    def kill(done: int, _total: int) -> None:
        if done == len(notes) // 4 and not killed.is_set():
            killed.set()
            cluster.kill_a_worker()

    measure(notes, tmp_path, scheduler=cluster.address, progress=kill)
    assert killed.is_set()
    assert files(tmp_path) == alone


def test_a_scheduler_that_does_not_answer_is_named(
    notes: list[Note], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("synth.training.staff.ANSWER_S", 0.2)
    with pytest.raises(StaffError, match="no Dask scheduler answers at tcp://127.0.0.1:1"):
        measure(notes, tmp_path, scheduler="tcp://127.0.0.1:1")
