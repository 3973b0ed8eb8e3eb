"""A scale: pitches above a tonic and the interval after which they repeat, as Scala files state.

The format: https://www.huygens-fokker.org/scala/scl_format.html
"""

import re
from dataclasses import dataclass
from math import log2
from typing import Final

from mapper.scala_file import Line, ScalaFile

OCTAVE_CENTS: Final = 1200.0
_COUNT: Final = re.compile(r"\s*(\d{1,6}+)(?!\S)")
_PITCH: Final = re.compile(
    r"\s*([+-]?(?:\d{1,99}+\.\d{0,99}+|\.\d{1,99}+|\d{1,99}+(?:\s*+/\s*+-?\d{1,99}+)?+))"
    r"(?!\s*/|[\d.,]|[eE][+-]?\d)"
)
_PITCH_ADVICE: Final = "write a ratio such as 3/2, or cents with a point such as 701.955"


@dataclass(frozen=True)
class Scale:
    """The pitches of degrees 1, 2, 3 ... in cents above the tonic; the last one is the period."""

    pitches_cents: tuple[float, ...]

    def cents(self, degree: int) -> float:
        """Tell the pitch of any degree, also below the tonic and beyond the period.

        A scale of no pitches has only its tonic, on every degree.
        """
        if not self.pitches_cents:
            return 0.0
        periods, step = divmod(degree, len(self.pitches_cents))
        return periods * self.pitches_cents[-1] + (self.pitches_cents[step - 1] if step else 0.0)


TWELVE_EQUAL: Final = Scale(tuple(100.0 * degree for degree in range(1, 13)))


def parse_scale(file: ScalaFile) -> Scale:
    """Read a scale from its file.

    Raises
    ------
    TuningError
        When the file is wrong; the message names the line.
    """
    file.skip_description()
    count, count_line = file.expect(_COUNT, "the number of pitches", "write it, such as 12")
    pitches_cents = tuple(_read_pitch(file) for _ in range(int(count)))
    _check_end(file, int(count), count_line)
    return Scale(pitches_cents)


def _read_pitch(file: ScalaFile) -> float:
    text, line = file.expect(_PITCH, "a pitch", _PITCH_ADVICE)
    if "." in text:
        return float(text)
    numerator, denominator = (int(part) for part in (*text.split("/"), "1")[:2])
    if numerator <= 0 or denominator <= 0:
        raise file.refusal(line, f"has the ratio {text}, not above 0", _PITCH_ADVICE)
    return OCTAVE_CENTS * (log2(numerator) - log2(denominator))


def _check_end(file: ScalaFile, count: int, count_line: Line) -> None:
    for line in file.rest():
        if _PITCH.match(line.text):
            raise file.refusal(
                line,
                f"holds one pitch more than the {count} that line {count_line.number} announces",
                "correct the number or take the pitch out",
            )
