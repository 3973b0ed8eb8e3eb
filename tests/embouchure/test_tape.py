import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from embouchure.journal import (
    Journal,
    Line,
    read_details,
    read_journal,
    read_lines,
    unpack_events,
)
from embouchure.replay import sound_of_segment
from embouchure.segments import read_segments
from embouchure.tape import RETRY_S, Tape
from mapper.performance import Played
from tests.embouchure.stage import RATE_HZ, Stage

NOTE = [Played(5.0, 0, b"\x91\x3c\x40"), Played(6.0, 0, b"\x81\x3c\x40")]


def words_of(journal: Path) -> list[str]:
    return [line.word for line in read_lines(journal)]


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_session_ends_with_a_named_take(tmp_path: Path, said: list[str]) -> None:
    tape = Tape(tmp_path, said.append)
    tape.start({}, {})
    tape.keep(NOTE)
    tape.finish()
    (take,) = tmp_path.glob("*.mid")
    assert said == [f"Your take is {take}."]


def test_an_abandoned_session_is_recovered_and_named(tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "then.journal").write_text("{}\n1.0 0 913c40\n")
    Tape(tmp_path, said.append).recover()
    assert said == [f"An earlier session ended abruptly; its take is {tmp_path / 'then.mid'}."]


def test_one_session_keeps_what_several_engines_play(tmp_path: Path, said: list[str]) -> None:
    tape = Tape(tmp_path, said.append)
    for number in range(2):
        tape.start({}, {"rate_hz": 48_000 + number})
        tape.keep(NOTE)
    tape.finish()
    (journal,) = tmp_path.glob("*.journal")
    assert words_of(journal) == ["segment", "segment"]
    assert len(read_journal(journal)[1]) == 4


def test_a_journal_that_cannot_be_read_hides_no_other(tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "a.unfinished").mkdir()
    (tmp_path / "b.unfinished").write_text('{"format": 2}\n1.0 0 913c40\n')
    Tape(tmp_path, said.append).recover()
    assert said[0].startswith("An earlier session cannot be made a take now (Is a directory: ")
    assert said[1] == f"An earlier session ended abruptly; its take is {tmp_path / 'b.mid'}."


def test_a_folder_that_cannot_be_written_is_told_and_not_fatal(
    tmp_path: Path, said: list[str]
) -> None:
    (tmp_path / "file").touch()
    tape = Tape(tmp_path / "file", said.append)
    tape.start({}, {})
    tape.keep(NOTE)
    tape.finish()
    assert len(said) == 1
    assert said[0].startswith("What you play cannot be kept (File exists: ")


def test_a_disk_that_fills_up_is_told_once(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    tape = Tape(tmp_path, said.append)
    tape.start({}, {})
    monkeypatch.setattr("embouchure.journal.Journal.write", full)
    tape.keep(NOTE)
    tape.keep(NOTE)
    tape.finish()
    assert len(said) == 1
    assert said[0].startswith("What you play is no longer kept (No space left on device: ")


class Disk:
    """A disk that can be full, and the clock beside it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        self.now_s = 0.0
        write = Journal._append

        def append(journal: Journal, lines: Iterable[str]) -> None:
            if self.is_full:
                raise OSError(28, "No space left on device")
            write(journal, lines)

        monkeypatch.setattr(Journal, "_append", append)


def test_when_there_is_room_again_what_is_played_is_kept_again(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    tape = Tape(tmp_path, said.append, lambda: disk.now_s)
    tape.start({"mode": "mpe"}, {"rate_hz": 48_000})
    tape.tell("port", {"number": 0, "name": "keys"})
    tape.keep(NOTE)
    disk.is_full = True
    for disk.now_s in range(1, 40):
        tape.keep(NOTE)
    disk.is_full = False
    disk.now_s = 60.0
    tape.keep(NOTE)
    tape.finish()
    first, second = sorted(tmp_path.glob("*.journal"), key=lambda one: "lost" in words_of(one))
    assert [read_details(one)["mode"] for one in (first, second)] == ["mpe", "mpe"]
    assert words_of(second) == ["segment", "begin", "port", "lost"]
    assert all(len(read_journal(one)[1]) == len(NOTE) for one in (first, second))
    assert [sentence.partition(" (")[0] for sentence in said[:2]] == [
        "What you play is no longer kept",
        "What you play is kept again.",
    ]
    assert len(said) == 4
    assert not list(tmp_path.glob("*.unfinished"))


def hand_over(lines: list[Line], tape: Tape) -> None:
    """Give a tape what a journal holds."""
    for word, text in lines:
        if word == "events":
            tape.keep_events(unpack_events(text))
        elif word == "end":
            tape.count(word, int(text))
        else:
            tape.tell(word, json.loads(text))


def test_what_is_kept_again_sounds_by_the_presets_from_before(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path / "heard", "breath")
    for time_s in (0.01, 2.0, 4.0):
        stage.hear(time_s, b"\x91\x45\x60")
        stage.hear(time_s + 0.3, b"\x81\x45\x40")
    heard = stage.end()
    segment, *lines = read_lines(stage.path)
    events = [place for place, line in enumerate(lines) if line.word == "events"]
    disk = Disk(monkeypatch)
    tape = Tape(tmp_path / "takes", said.append, lambda: disk.now_s)
    tape.start({}, json.loads(segment.text))
    hand_over(lines[: events[2]], tape)
    disk.is_full = True
    hand_over(lines[events[2] : events[4]], tape)
    disk.is_full, disk.now_s = False, RETRY_S
    hand_over(lines[events[4] :], tape)
    tape.keep(NOTE)
    tape.finish()
    (again,) = (tmp_path / "takes").glob("*.journal")
    (kept,) = read_segments(again)
    sound = np.concatenate(list(sound_of_segment(kept, tail_s=0.5)))
    assert kept.doubt()
    assert len(heard) - len(sound) > 2.0 * RATE_HZ
    assert np.abs(sound).max() == pytest.approx(np.abs(heard).max(), rel=0.2)
