import base64
import math
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embouchure.journal import (
    MAX_EVENT_BYTES,
    Journal,
    claim,
    read_journal,
    read_lines,
    unpack_events,
)
from mapper.performance import Played

messages = st.lists(
    st.builds(
        Played,
        st.floats(0, 1e6),
        st.integers(0, 15),
        st.binary(min_size=1, max_size=3),
    ),
    max_size=20,
)


def journal_of(path: Path, heard: list[Played]) -> Path:
    path.unlink(missing_ok=True)
    with Journal(path, {"preset": "breath"}) as journal:
        journal.write(heard)
    return path


@given(messages)
def test_what_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, heard: list[Played]
) -> None:
    path = journal_of(tmp_path_factory.mktemp("journal") / "a.journal", heard)
    assert read_journal(path) == ({"format": 2, "preset": "breath"}, heard)


@given(messages, st.floats(0, 1))
def test_a_journal_cut_anywhere_keeps_every_whole_line(
    tmp_path_factory: pytest.TempPathFactory, heard: list[Played], share: float
) -> None:
    path = journal_of(tmp_path_factory.mktemp("journal") / "a.journal", heard)
    content = path.read_bytes()[: math.floor(share * path.stat().st_size)]
    path.write_bytes(content)
    n_whole = max(0, content.count(b"\n") - 1)
    assert read_journal(path)[1] == heard[:n_whole]


@given(st.binary(max_size=200))
def test_damaged_journals_are_read_without_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("journal") / "a.journal"
    path.write_bytes(content)
    details, heard = read_journal(path)
    assert isinstance(details, dict)
    assert all(math.isfinite(message.time_s) for message in heard)


def test_a_journal_being_written_cannot_be_claimed(tmp_path: Path) -> None:
    with Journal(tmp_path / "a.journal", {}) as journal, journal.path.open("r+") as other:
        assert not claim(other)


def test_a_finished_journal_can_be_claimed(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "a.journal", [])
    with path.open("r+") as other:
        assert claim(other)


def test_messages_reach_the_file_before_the_journal_is_closed(tmp_path: Path) -> None:
    with Journal(tmp_path / "a.journal", {}) as journal:
        journal.write([Played(1.0, 0, b"\x90\x3c\x40")])
        assert read_journal(journal.path)[1] == [Played(1.0, 0, b"\x90\x3c\x40")]


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_events_that_were_written_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "a.journal"
    with Journal(path, {}) as journal:
        for packed in records:
            journal.write_events(packed)
    lines = list(read_lines(path))
    assert [line.word for line in lines] == ["events"] * len(records)
    assert [unpack_events(line.text) for line in lines] == records


@given(st.text(max_size=100))
def test_damaged_events_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack_events(text)


def test_events_that_unpack_without_end_are_refused() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(10 * MAX_EVENT_BYTES))).decode()
    with pytest.raises(ValueError, match="too long"):
        unpack_events(bomb)


def test_presets_and_calls_stand_between_the_messages_in_their_order(tmp_path: Path) -> None:
    with Journal(tmp_path / "a.journal", {}) as journal:
        journal.tell("segment", {"rate_hz": 48_000})
        journal.write([Played(1.0, 0, b"\x90\x3c\x40")])
        journal.count("end", 64)
    assert list(read_lines(journal.path)) == [("segment", '{"rate_hz": 48000}'), ("end", "64")]
