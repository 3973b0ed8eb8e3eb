import json
import time
from pathlib import Path

import pytest

from embouchure.capture import capture
from embouchure.errors import ProgramError
from embouchure.journal import Journal, claimed, read_journal
from embouchure.takes import (
    find_journal,
    finish_take,
    keep_take,
    recover_takes,
    start_journal,
)
from mapper.performance import Played, hear, read
from mapper.touch import Kind

NOTE = [Played(5.0, 0, b"\x91\x3c\x40"), Played(6.0, 0, b"\x81\x3c\x40")]


def journal_with(folder: Path, heard: list[Played], **details: object) -> Path:
    with start_journal(folder, details) as journal:
        journal.write(heard)
    return journal.path


def test_a_take_replays_what_was_played(tmp_path: Path) -> None:
    take = keep_take(journal_with(tmp_path, NOTE))
    assert take
    played = [one for one in read(take) if one.data[0] & 0xE0 == 0x80]
    assert [one.data for one in played] == [one.data for one in NOTE]
    assert played[1].time_s - played[0].time_s == pytest.approx(1.0, abs=1e-4)


def test_a_take_says_how_its_bytes_are_meant(tmp_path: Path) -> None:
    take = keep_take(journal_with(tmp_path, NOTE, mode="mpe"))
    assert take
    bend = Played(5.5, 0, b"\xe1\x7f\x7f")
    moved = [event for event in hear([*read(take)[:-1], bend]) if event.kind is Kind.MOVE]
    assert moved[-1].glide_semitones == pytest.approx(48, abs=0.01)


def opening(take: Path | None) -> list[bytes]:
    assert take
    return [one.data for one in read(take) if one.data[0] & 0xF0 == 0xB0]


def test_a_controller_found_to_be_mpe_has_its_zones_at_the_takes_beginning(tmp_path: Path) -> None:
    chord = [Played(5.0, 0, b"\x91\x3c\x40"), Played(5.0, 0, b"\x92\x40\x40")]
    assert opening(keep_take(journal_with(tmp_path, chord, mode="auto")))


def test_a_keyboard_has_no_zones_at_the_takes_beginning(tmp_path: Path) -> None:
    chord = [Played(5.0, 0, bytes((0x90, note, 64))) for note in (60, 64, 67)]
    release = [Played(6.0, 0, bytes((0x80, note, 64))) for note in (60, 64, 67)]
    heard = chord + release + chord
    assert not opening(keep_take(journal_with(tmp_path, heard, mode="auto")))


def test_a_ports_name_tells_its_controller_also_in_the_take(tmp_path: Path) -> None:
    with start_journal(tmp_path, {"mode": "auto"}) as journal:
        journal.tell("port", {"number": 0, "name": "LinnStrument MIDI"})
        journal.write(NOTE)
    assert opening(keep_take(journal.path))


@pytest.mark.parametrize(("name", "controller"), [("Erae Touch", None), ("cable", "erae")])
@pytest.mark.parametrize("mode", ["auto", "mpe"])
def test_a_take_says_how_far_its_controller_bends(
    tmp_path: Path, name: str, controller: str | None, mode: str
) -> None:
    with start_journal(tmp_path, {"mode": mode, "controller": controller}) as journal:
        journal.tell("port", {"number": 0, "name": name})
        journal.write(NOTE)
    take = keep_take(journal.path)
    assert bytes((0xB1, 6, 28)) in opening(take)


def test_the_json_beside_a_take_holds_the_session(tmp_path: Path) -> None:
    take = keep_take(journal_with(tmp_path, NOTE, preset="bow"))
    assert take
    details = json.loads(take.with_suffix(".json").read_text())
    assert (details["preset"], details["notes"], details["seconds"]) == ("bow", 1, 1.0)


@pytest.mark.parametrize(
    "heard", [[], [Played(1.0, 0, b"\xb0\x65\x00")]], ids=["nothing", "no note"]
)
def test_a_session_without_a_note_leaves_no_file(tmp_path: Path, heard: list[Played]) -> None:
    assert keep_take(journal_with(tmp_path, heard)) is None
    assert list(tmp_path.iterdir()) == []


def test_two_takes_of_the_same_second_are_both_kept(tmp_path: Path) -> None:
    journals = []
    for _ in range(2):
        path = journal_with(tmp_path, NOTE)
        journals.append(path.rename(path.with_name(f"same{len(journals)}.unfinished")))
    takes = [keep_take(path.rename(tmp_path / "same.unfinished")) for path in journals]
    assert takes == [tmp_path / "same.mid", tmp_path / "same (2).mid"]
    assert all(take.with_suffix(".journal").exists() for take in takes if take)


def test_a_crashed_sessions_journal_becomes_a_take(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, NOTE)
    assert recover_takes(tmp_path) == [journal.with_suffix(".mid")]
    assert not journal.exists()


def test_a_take_keeps_its_journal_and_no_recovery_touches_it(tmp_path: Path) -> None:
    take = keep_take(journal_with(tmp_path, NOTE))
    assert take
    assert read_journal(take.with_suffix(".journal"))[1] == NOTE
    assert recover_takes(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 3


def test_a_long_session_without_a_note_announces_no_take(tmp_path: Path) -> None:
    moves = [Played(5.0 + i / 1000, 0, bytes((0xE1, i % 128, 64))) for i in range(30_000)]
    rests = [Played(9.0, 0, b"\x91\x3c\x00")]
    assert finish_take(journal_with(tmp_path, moves + rests)) is None
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_journal_does_not_hide_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.unfinished").mkdir()
    journal = journal_with(tmp_path, NOTE)
    troubles: list[Path] = []
    takes = recover_takes(tmp_path, lambda path, _: troubles.append(path))
    assert (takes, troubles) == ([journal.with_suffix(".mid")], [tmp_path / "a.unfinished"])


def test_a_journal_is_found_by_its_takes_name(tmp_path: Path) -> None:
    take = keep_take(journal_with(tmp_path, NOTE))
    assert take
    assert find_journal(Path(take.stem), tmp_path) == take.with_suffix(".journal")
    assert find_journal(take, tmp_path) is None


def test_a_long_session_is_kept_by_a_process_of_its_own(tmp_path: Path) -> None:
    moves = [Played(5.0 + i / 1000, 0, bytes((0xE1, i % 128, 64))) for i in range(30_000)]
    journal = journal_with(tmp_path, [NOTE[0], *moves])
    take = finish_take(journal)
    assert take
    assert not take.exists()
    until_s = time.monotonic() + 30
    while journal.exists() and time.monotonic() < until_s:
        time.sleep(0.05)
    assert len([one for one in read(take) if one.data[0] == 0xE1]) == len(moves)


def test_the_journal_of_a_running_session_is_left_alone(tmp_path: Path) -> None:
    with Journal(tmp_path / "now.unfinished", {}) as journal:
        journal.write(NOTE)
        assert recover_takes(tmp_path) == []
        assert journal.path.exists()


def test_one_process_at_a_time_makes_a_take(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, NOTE)
    with claimed(journal):
        assert keep_take(journal) is None
    assert keep_take(journal)


def test_a_journal_that_became_a_take_meanwhile_is_no_error(tmp_path: Path) -> None:
    assert keep_take(tmp_path / "gone.journal") is None


@pytest.mark.parametrize("line", [b"1e300 0 b04a40\n", b"-1 0 b04a40\n", b"1.5 999 b04a40\n"])
def test_impossible_lines_are_left_out_of_a_take(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "a.journal").write_bytes(b"{}\n1.0 0 913c40\n" + line)
    (take,) = recover_takes(tmp_path)
    assert json.loads(take.with_suffix(".json").read_text())["messages"] == 1


@pytest.mark.parametrize("first_line", [b"", b"\n", b'{"mode": 5}\n', b"\xff\xfe\n", b"[1]\n"])
def test_a_damaged_journal_still_gives_its_notes(tmp_path: Path, first_line: bytes) -> None:
    (tmp_path / "a.journal").write_bytes(first_line + b"\n" + b"1.0 0 913c40\n2.0 0 813c40\n")
    assert recover_takes(tmp_path) == [tmp_path / "a.mid"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("gone", "gone cannot be read"), (".", "cannot be read"), ("a.txt", "a.txt is no journal")],
)
def test_a_passage_is_captured_from_a_journal_only(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "a.txt").write_text("A letter.")
    with pytest.raises(ProgramError, match=sentence + ".*; name the journal of a session"):
        capture(tmp_path / name)
