"""The keys of the terminal: read without waiting, and the terminal left as it was."""

import io
import os
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from embouchure.keys import Keys
from embouchure.play_settings import PlaySettings
from embouchure.player import Player
from embouchure.view import PlainView


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal as standard input; what is written to this end was typed."""
    outer, inner = os.openpty()
    with os.fdopen(inner) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        yield outer
    os.close(outer)


def test_what_was_typed_is_told_once_and_in_small_letters(typist: int) -> None:
    with Keys() as keys:
        os.write(typist, b"xC")
        assert keys.pressed() == "xc"
        assert keys.pressed() == ""


def test_the_terminal_is_left_as_it_was(typist: int) -> None:
    before = termios.tcgetattr(typist)
    with Keys():
        assert termios.tcgetattr(typist) != before
    assert termios.tcgetattr(typist) == before


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("c"))
    with Keys() as keys:
        assert keys.pressed() == ""


class Told(list[tuple[str, dict[str, object]]]):
    """A relay that notes what it is told."""

    def tell(self, command: str, **fields: object) -> None:
        self.append((command, fields))


def test_the_key_c_changes_between_decoder_and_cache(
    typist: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embouchure.player.takes_folder", lambda: tmp_path)
    player = Player(PlaySettings(), PlainView(Console(file=io.StringIO())), demo=False)
    told = Told()
    monkeypatch.setattr(player, "_relay", told)
    monkeypatch.setattr(player, "_has_played", True)
    with player._keys:
        for typed in (b"c", b"q", b"c"):
            os.write(typist, typed)
            player._turn()
    assert told == [("cached", {"on": True}), ("cached", {"on": False})]
