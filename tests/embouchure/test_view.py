import io
from contextlib import closing
from typing import Any, Final

import pytest
from rich.console import Console

from embouchure.commands import play
from embouchure.osc.address import OscSettings
from embouchure.play_settings import PlaySettings
from embouchure.service.port import HOST, PortTakenError, bind
from embouchure.view import (
    METER_CELLS,
    PlainView,
    Status,
    TerminalView,
    level_meter,
    lit_cells,
    open_view,
    playable_lines,
)

PLAYABLE: Final[dict[str, Any]] = {
    "preset": "bow",
    "device": "box",
    "host_api": "ALSA",
    "rate_hz": 48_000.0,
    "ports": [],
}


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100)


def shown(where: Console) -> str:
    assert isinstance(where.file, io.StringIO)
    return where.file.getvalue()


def test_a_terminal_gets_a_status_line_that_moves() -> None:
    where = console(terminal=True)
    view = open_view(where)
    view.show(Status(n_voices=3, peak=0.5, load=0.12, dropouts=2, shed=5))
    view.close()
    assert isinstance(view, TerminalView)
    assert "3 voices" in shown(where)
    assert "12%" in shown(where)
    assert "2 dropouts" in shown(where)
    assert "5 shed" in shown(where)


def test_a_log_gets_plain_lines_and_no_meter() -> None:
    where = console(terminal=False)
    view = open_view(where)
    view.say("A sentence.")
    view.show(Status(n_voices=3, peak=0.5, load=0.1, dropouts=0))
    assert isinstance(view, PlainView)
    assert shown(where) == "A sentence.\n"


def test_a_name_in_brackets_is_no_markup() -> None:
    where = console(terminal=False)
    open_view(where).say("Listening to [bold]Port 1.")
    assert shown(where) == "Listening to [bold]Port 1.\n"


def test_a_rate_that_the_device_does_not_take_is_told() -> None:
    lines = playable_lines(PLAYABLE, 47_000)
    assert lines[:2] == [
        "Preset bow on box (ALSA).",
        "box does not take 47000 Hz; it sounds at 48000 Hz.",
    ]


def test_a_rate_that_the_device_takes_is_not_told() -> None:
    assert not any("Hz" in line for line in playable_lines(PLAYABLE, 48_000))


@pytest.mark.parametrize(("level_db", "share"), [(-120, 0), (-60, 0), (-30, 0.5), (0, 1), (6, 1)])
def test_the_meter_is_even_in_decibels(level_db: float, share: float) -> None:
    assert lit_cells(level_db) / METER_CELLS == share


def test_silence_has_a_level_too() -> None:
    assert "-120.0 dB" in level_meter(0.0).plain


def test_a_port_that_is_taken_leaves_the_terminal_its_cursor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = console(terminal=True)
    monkeypatch.setattr(play, "console", where)
    with closing(bind(HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError):
            play._play(PlaySettings(), OscSettings(), port, opens=False, demo=False, leaves=False)
    hidden, shown_again = "\x1b[?25l", "\x1b[?25h"
    assert shown(where).rfind(hidden) < shown(where).rfind(shown_again)
