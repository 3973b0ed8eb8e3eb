"""What the player sees of a live session: a status line in a terminal, a few lines elsewhere."""

import math
from typing import Any, NamedTuple, Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

REFRESH_HZ = 8
METER_CELLS = 24
METER_FLOOR_DB = -60.0


class Status(NamedTuple):
    """How the audio thread fares; `peak` is a ratio of full scale, `load` of the deadline."""

    n_voices: int
    peak: float
    load: float
    dropouts: int
    shed: int = 0
    """Voices let go of early because time ran short."""


class View(Protocol):
    """Shows the stages of a session."""

    def busy(self, text: str) -> None:
        """Say what is being done before anything can be played."""

    def say(self, text: str) -> None:
        """Say one sentence that stays."""

    def show(self, status: Status) -> None:
        """Show how the audio thread fares now."""

    def close(self) -> None:
        """Take down whatever moves."""


class PlainView:
    """A line for each thing said, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def busy(self, text: str) -> None:
        """Say what is being done."""
        self.say(f"{text} ...")

    def say(self, text: str) -> None:
        """Print a sentence."""
        self._console.print(
            text, highlight=False, soft_wrap=not self._console.is_terminal, markup=False
        )

    def show(self, status: Status) -> None:
        """Show nothing: a log is no place for a meter."""

    def close(self) -> None:
        """Leave everything as it is."""


class TerminalView(PlainView):
    """A spinner while starting, then a status line that moves."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._live = Live(
            console=console, refresh_per_second=REFRESH_HZ, transient=True, redirect_stderr=False
        )
        self._live.start()

    def busy(self, text: str) -> None:
        """Turn a spinner beside what is being done."""
        self._live.update(Spinner("dots", text))

    def show(self, status: Status) -> None:
        """Move the status line."""
        self._live.update(status_line(status))

    def close(self) -> None:
        """Remove the status line."""
        self._live.stop()


def open_view(console: Console) -> View:
    """Choose the view that suits the place the text goes to."""
    return TerminalView(console) if console.is_terminal else PlainView(console)


def lit_cells(level_db: float) -> int:
    """Say how many cells of the meter are lit, even in decibels.

    >>> lit_cells(-30.0)
    12
    """
    return round(METER_CELLS * min(1.0, max(0.0, 1 - level_db / METER_FLOOR_DB)))


def level_meter(peak: float) -> Text:
    """Draw a peak (0-1 of full scale) as a bar from -60 dB to 0."""
    level_db = 20 * math.log10(max(peak, 1e-6))
    n_lit = lit_cells(level_db)
    colour = "red" if level_db > -1 else "yellow" if level_db > -9 else "green"
    bar = Text("━" * n_lit, colour)
    return bar.append("━" * (METER_CELLS - n_lit), "bright_black").append(f" {level_db:6.1f} dB")


def status_line(status: Status) -> Table:
    """Lay voices, level, load, shed voices and dropouts out on one line."""
    line = Table.grid(padding=(0, 3))
    line.add_row(
        f"{status.n_voices:2d} voices",
        level_meter(status.peak),
        f"load {status.load:4.0%}",
        Text(f"{status.shed} shed" if status.shed else "", "yellow"),
        Text(f"{status.dropouts} dropouts", "red" if status.dropouts else ""),
    )
    return line


def playable_lines(report: dict[str, Any], wanted_hz: float) -> list[str]:
    """Say what is sounding, through what, and what can be played on; and the rate if it is another."""
    ports = ", ".join(report["ports"]) or "no MIDI input yet; connect a controller"
    device, rate_hz = report["device"], report["rate_hz"]
    other = f"{device} does not take {wanted_hz:g} Hz; it sounds at {rate_hz:g} Hz."
    return [
        f"Preset {report['preset']} on {device} ({report['host_api']}).",
        *([other] if rate_hz != wanted_hz else []),
        f"Listening to {ports}.",
        "Press Ctrl-C to end.",
    ]
