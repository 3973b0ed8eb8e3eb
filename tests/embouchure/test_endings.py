"""Endings: a take holds no note that the program had ended."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embouchure.endings import Ending, read_endings, with_lifts
from embouchure.journal import Journal
from mapper.performance import Played

STRIKE, LIFT = b"\x91\x3c\x60", b"\x81\x3c\x40"
PEDAL_DOWN, PEDAL_UP = b"\xb0\x40\x7f", b"\xb0\x40\x00"


def lifts(heard: list[Played], *endings: Ending) -> list[Played]:
    """What is added to what was heard."""
    return [one for one in with_lifts(heard, endings) if one not in heard]


def test_a_note_held_when_its_controller_is_unplugged_ends_there():
    heard = [Played(1.0, 0, STRIKE), Played(5.0, 1, STRIKE), Played(6.0, 1, LIFT)]
    assert lifts(heard, Ending(2.0, 0)) == [Played(2.0, 0, LIFT)]


def test_a_note_held_on_another_port_goes_on():
    heard = [Played(1.0, 0, STRIKE), Played(5.0, 0, LIFT)]
    assert lifts(heard, Ending(2.0, 1)) == []


def test_a_note_held_when_another_engine_begins_ends_there():
    heard = [Played(1.0, 0, STRIKE), Played(1.5, 1, STRIKE)]
    assert lifts(heard, Ending(2.0, None)) == [Played(2.0, 0, LIFT), Played(2.0, 1, LIFT)]


def test_a_pedal_is_raised_with_the_notes():
    heard = [Played(1.0, 0, PEDAL_DOWN), Played(3.0, 0, b"\xd1\x20")]
    assert lifts(heard, Ending(2.0, 0)) == [Played(2.0, 0, PEDAL_UP)]


def test_a_note_that_was_lifted_in_time_is_not_lifted_again():
    heard = [Played(1.0, 0, STRIKE), Played(1.5, 0, b"\x91\x3c\x00"), Played(3.0, 0, PEDAL_UP)]
    assert lifts(heard, Ending(2.0, None)) == []


def test_a_note_that_nothing_ends_ends_with_the_take():
    assert lifts([Played(1.0, 0, STRIKE)]) == [Played(1.0, 0, LIFT)]


@given(
    st.lists(st.tuples(st.sampled_from([STRIKE, LIFT, PEDAL_DOWN]), st.integers(0, 1))),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from([0, 1, None]))),
)
def test_everything_heard_stays_in_its_order_and_every_note_ends(
    keys: list[tuple[bytes, int]], endings: list[tuple[int, int | None]]
):
    heard = [Played(float(place), port, data) for place, (data, port) in enumerate(keys)]
    out = list(
        with_lifts(
            heard,
            [
                Ending(time_s + 0.5, port)
                for time_s, port in sorted(endings, key=lambda one: one[0])
            ],
        )
    )
    assert [one for one in out if one in heard] == heard
    for port in (0, 1):
        notes = [one.data for one in out if one.port == port and one.data in (STRIKE, LIFT)]
        assert not notes or notes[-1] == LIFT


def test_the_journal_tells_when_notes_were_ended(tmp_path: Path):
    with Journal(tmp_path / "a.unfinished", {}) as journal:
        journal.tell("segment", {"time_s": 0.5, "rate_hz": 48_000})
        journal.tell("call", {"time_s": 2.0, "call": "release", "port": 3})
        journal.tell("call", {"time_s": 2.5, "call": "select", "zone": -1})
        journal.tell("call", {"time_s": 3.0, "call": "panic"})
    assert read_endings(journal.path) == [Ending(0.5, None), Ending(2.0, 3), Ending(3.0, None)]


@pytest.mark.parametrize(
    "line",
    ["segment [1]", "segment {}", "call 5", 'call {"call": "panic", "time_s": 1e300}', "call {"],
)
def test_a_damaged_line_ends_nothing(tmp_path: Path, line: str):
    (tmp_path / "a.journal").write_text(f"{{}}\n{line}\n")
    assert read_endings(tmp_path / "a.journal") == []
