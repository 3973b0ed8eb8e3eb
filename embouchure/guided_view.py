"""What a guided player sees: one page at a time, in letters and meters for two metres' distance."""

from collections.abc import Iterator
from typing import Protocol

from rich.align import Align
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.text import Text

from calibration.guide import Show
from embouchure.big_words import big
from embouchure.view import PlainView, Status, View

REFRESH_HZ = 12
METER_ROWS = 2


class GuidedView(View, Protocol):
    """A view that also has pages."""

    def turn_to(self, page: Show) -> None:
        """Show a page in place of the one before."""


class PlainGuidedView(PlainView):
    """A line for each page whose words are new, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._words = ("", "")

    def turn_to(self, page: Show) -> None:
        """Print the page's words, unless they stand there already."""
        words = (page.title, page.text)
        if words != self._words:
            self._words = words
            self.say(": ".join(filter(None, words)))


class TerminalGuidedView(PlainView):
    """A page that changes in place, below the sentences that stay."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._live = Live(
            console=console, refresh_per_second=REFRESH_HZ, transient=True, redirect_stderr=False
        )
        self._live.start()

    def busy(self, text: str) -> None:
        """Show what is being done as a page."""
        self.turn_to(Show("...", text))

    def turn_to(self, page: Show) -> None:
        """Draw the page."""
        self._live.update(_Drawn(page))

    def show(self, status: Status) -> None:
        """Show nothing: how the audio thread fares is not what a guided player looks for."""

    def close(self) -> None:
        """Remove the page."""
        self._live.stop()


class _Drawn:
    """A page that is drawn only when the terminal is: pages come with every message."""

    def __init__(self, page: Show) -> None:
        self._page = page

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        yield draw(self._page, options.max_width)


def open_guided_view(console: Console) -> GuidedView:
    """Choose the view that suits the place the text goes to."""
    return TerminalGuidedView(console) if console.is_terminal else PlainGuidedView(console)


def draw(page: Show, width: int) -> RenderableType:
    """Draw a page: big words, a sentence, how far the step is and what the meters say."""
    rows: list[RenderableType] = [Rule(), Text()]
    rows += [Align.center(Text(row, "bold cyan", no_wrap=True)) for row in big(page.title, width)]
    if page.text:
        rows += [Text(), Align.center(Text(page.text, "bold"))]
    if page.progress is not None:
        rows += [Text(), _bar("", page.progress, width, "cyan")]
    for name, value in page.meters.items():
        rows += [Text(), *[_bar(name, value, width, "green")] * METER_ROWS]
    return Group(*rows, Text(), Rule())


def _bar(name: str, value: float, width: int, colour: str) -> Text:
    label = f"{name:>10} " if name else ""
    n_cells = width - len(label) - 1
    n_lit = round(n_cells * min(max(value, 0.0), 1.0))
    bar = Text(label, "bold").append("█" * n_lit, colour)
    return bar.append("░" * (n_cells - n_lit), "bright_black")
