"""Conversions between MIDI's 7- and 14-bit numbers and ratios, with both ends and the centre exact.

A 14-bit pressure or slide is its 7-bit part plus low bits / 128, so a controller may change
between the 7-bit and the 14-bit form in the middle of a touch without a jump; only the last
127 of 16,384 values share the upper end.
"""

from typing import Final

BEND_CENTRE: Final = 8192
SLIDE_CENTRE: Final = 64


def velocity_to_ratio(velocity: int) -> float:
    """Convert a velocity 0-127 to 0-1; the reverse of `ratio_to_velocity`."""
    return velocity / 127.0


def ratio_to_velocity(ratio: float) -> int:
    """Convert 0-1 to a velocity 1-127, as a note-on needs; the reverse of `velocity_to_ratio`."""
    return max(1, round(127.0 * ratio))


def pressure_to_ratio(pressure: float) -> float:
    """Convert a pressure 0-127, low bits as its fraction, to 0-1; see `ratio_to_pressure`."""
    return min(1.0, pressure / 127.0)


def ratio_to_pressure(ratio: float) -> int:
    """Convert 0-1 to a pressure 0-127; the reverse of `pressure_to_ratio`."""
    return round(127.0 * ratio)


def slide_to_ratio(slide: float) -> float:
    """Convert a slide 0-127, low bits as its fraction, to 0-1 with 64 at 0.5."""
    return (
        slide / 128.0 if slide <= SLIDE_CENTRE else min(1.0, 0.5 + (slide - SLIDE_CENTRE) / 126.0)
    )


def ratio_to_slide(ratio: float) -> int:
    """Convert 0-1 to a slide 0-127; the reverse of `slide_to_ratio`."""
    return round(ratio_to_fine_slide(ratio))


def ratio_to_fine_slide(ratio: float) -> float:
    """Convert 0-1 to a slide 0-127 with its low bits as the fraction."""
    return 128.0 * ratio if ratio <= 0.5 else SLIDE_CENTRE + 126.0 * (ratio - 0.5)


def slide_above_centre(slide: float) -> float:
    """Convert a slide 0-127 that rests at 0, low bits as its fraction, to 0.5-1."""
    return 0.5 + min(1.0, slide / 127.0) / 2.0


def ratio_to_slide_above_centre(ratio: float) -> float:
    """Convert 0.5-1 to a slide 0-127 that rests at 0; the reverse of `slide_above_centre`."""
    return 127.0 * max(0.0, 2.0 * ratio - 1.0)


def bend_to_ratio(bend: float) -> float:
    """Convert a bend 0-16383, low bits as its fraction, to -1..1 with 8192 at 0."""
    steps = bend - BEND_CENTRE
    return steps / 8192.0 if steps < 0 else min(1.0, steps / 8191.0)


def ratio_to_bend(ratio: float) -> int:
    """Convert -1..1 to a bend 0-16383; the reverse of `bend_to_ratio`."""
    return BEND_CENTRE + round(ratio * (8192.0 if ratio < 0 else 8191.0))
