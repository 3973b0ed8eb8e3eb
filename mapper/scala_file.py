"""The lines of a Scala file that say something, each with its number."""

from collections.abc import Iterator
from pathlib import Path
from re import Pattern, split
from typing import Final, NamedTuple

MAX_BYTES: Final = 1 << 20
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_END_OF_FILE: Final = "\x1a"
"""What DOS put at the end of a text."""


class TuningError(ValueError):
    """A tuning cannot be used; the message is a sentence for the player."""


class Line(NamedTuple):
    """One line of a file; the first has number 1."""

    number: int
    text: str


class ScalaFile:
    """The lines of one file, read one after another; lines that begin with `!` are remarks."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        text = data.removeprefix(_BYTE_ORDER_MARK).decode("latin-1")
        lines = [Line(*pair) for pair in enumerate(split(r"\r\n|\r|\n", text), 1)]
        self._lines = (line for line in lines if not line.text.startswith("!"))
        self._last = max((line.number for line in lines if line.text.strip()), default=0)

    def skip_description(self) -> None:
        """Pass over the next line, empty or not."""
        next(self._lines, None)

    def rest(self) -> Iterator[Line]:
        """Yield the lines left, without empty ones and remarks."""
        return (line for line in self._lines if line.text.strip() not in {"", _END_OF_FILE})

    def expect(self, pattern: Pattern[str], meaning: str, advice: str) -> tuple[str, Line]:
        """Read the next line's value, the first group of `pattern`, or refuse the file."""
        line = next(self.rest(), None)
        if line is None:
            raise TuningError(
                f"{self.name} ends after line {self._last} without {meaning}; {advice}"
            )
        match = pattern.match(line.text)
        if match is None:
            raise self.refusal(line, f"is {_shortened(line.text)!r} and not {meaning}", advice)
        return match[1], line

    def refusal(self, line: Line, fault: str, advice: str) -> TuningError:
        """Make the error that names the line."""
        return TuningError(f"line {line.number} of {self.name} {fault}; {advice}")


def open_scala(path: Path) -> ScalaFile:
    """Read a file from disk.

    Raises
    ------
    TuningError
        When it is missing, cannot be read or is far too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise TuningError(f"{path} cannot be read ({error.strerror}); give a Scala file") from None
    if len(data) > MAX_BYTES:
        raise TuningError(f"{path} is larger than a megabyte; give a Scala file")
    return ScalaFile(path.name, data)


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else f"{text[:37]}..."
