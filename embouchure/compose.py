"""The bundled performance: half a minute that shows what ten fingers can do.

`python -m embouchure.compose` writes it to `performance.mid` again.
"""

import io
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import mido
import numpy as np

from mapper.ratios import (
    BEND_CENTRE,
    ratio_to_bend,
    ratio_to_pressure,
    ratio_to_slide,
    ratio_to_velocity,
)
from mapper.rpn import bend_range_messages, zone_messages
from mapper.zones import LOWER

Curve = tuple[tuple[float, float], ...]
"""Points (share of the note's length, value), passed through smoothly."""

STEP_S: Final = 0.008
BEND_RANGE_SEMITONES: Final = 48.0
MEMBERS: Final = tuple(range(1, 16))
TICKS_PER_S: Final = 960
VIBRATO_HZ: Final = 5.4

STEADY: Final[Curve] = ((0, 0.5), (1, 0.5))
LEVEL: Final[Curve] = ((0, 0.0), (1, 0.0))


@dataclass(frozen=True, kw_only=True)
class Note:
    """One finger's part: a key, when, and the curves of its three continuous dimensions."""

    start_s: float
    length_s: float
    key: int
    strike: float
    press: Curve
    slide: Curve = STEADY
    glide_semitones: Curve = LEVEL
    vibrato_semitones: float = 0.0
    lift: float = 0.3


def value_at(curve: Curve, share: float) -> float:
    """Follow a curve by cosine arcs from point to point.

    >>> round(value_at(((0, 0.0), (1, 1.0)), 0.25), 3)
    0.146
    """
    for (x0, y0), (x1, y1) in pairwise(curve):
        if share < x1:
            arc = 0.5 - 0.5 * np.cos(np.pi * max(0.0, share - x0) / (x1 - x0))
            return float(y0 + (y1 - y0) * arc)
    return curve[-1][1]


def swell(low: float, high: float, end: float, peak: float = 0.55) -> Curve:
    """Grow from `low` to `high` at the share `peak` of the note, then fall to `end`."""
    return ((0, low), (peak, high), (1, end))


def changing_chord() -> list[Note]:
    """Glide five fingers from chord to chord without lifting them: D minor, B flat, G minor, A."""
    voices = [
        (50, (0, -4, -7, -5)),
        (57, (0, 1, 1, 0)),
        (65, (0, 0, -3, -4)),
        (72, (0, -2, -2, 1)),
        (76, (0, -2, 1, 0)),
    ]
    press = ((0, 0.2), (0.12, 0.5), (0.3, 0.35), (0.62, 0.75), (0.8, 0.45), (1, 0.2))
    slide = ((0, 0.2), (0.4, 0.45), (0.65, 0.9), (1, 0.35))
    return [
        Note(
            start_s=0.15 + 0.22 * finger,
            length_s=9.6 - 0.22 * finger,
            key=key,
            strike=0.35,
            press=press,
            slide=slide,
            glide_semitones=_stairs(steps),
            lift=0.15,
        )
        for finger, (key, steps) in enumerate(voices)
    ]


def _stairs(steps: tuple[float, ...]) -> Curve:
    """Stay on each step for its share of the note, and glide quickly to the next."""
    share = 1.0 / len(steps)
    points = [(0.0, steps[0])]
    for index, (here, there) in enumerate(pairwise(steps), 1):
        points += [(share * index - 0.02, here), (share * index + 0.02, there)]
    return (*points, (1.0, steps[-1]))


def melody() -> list[Note]:
    """Sing over two low notes: scoops into the tones, vibrato that grows, a fall at the end."""
    scoop: Curve = ((0, -1.2), (0.16, 0.0), (1, 0.0))
    turn: Curve = ((0, 0.0), (0.3, 0.0), (0.38, 2.0), (0.5, 0.0), (1, 0.0))
    fall: Curve = ((0, 0.0), (0.7, 0.0), (1, -3.0))
    line = [
        (9.9, 1.5, 74, scoop, 0.25),
        (11.35, 0.75, 77, LEVEL, 0.15),
        (12.05, 0.8, 76, turn, 0.0),
        (12.8, 1.9, 69, scoop, 0.4),
        (14.65, 0.7, 72, LEVEL, 0.1),
        (15.3, 0.7, 74, LEVEL, 0.1),
        (15.95, 2.2, 81, scoop, 0.5),
        (18.1, 1.5, 77, fall, 0.2),
    ]
    tune = [
        Note(
            start_s=start_s,
            length_s=length_s,
            key=key,
            strike=0.55,
            press=swell(0.35, 0.8, 0.3),
            slide=swell(0.4, 0.8, 0.5),
            glide_semitones=glide,
            vibrato_semitones=vibrato,
        )
        for start_s, length_s, key, glide, vibrato in line
    ]
    bass = [
        Note(
            start_s=start_s,
            length_s=length_s,
            key=key,
            strike=0.3,
            press=swell(0.25, 0.45, 0.15),
            slide=((0, 0.3), (1, 0.3)),
        )
        for start_s, length_s, keys in ((9.9, 4.6, (38, 53)), (14.6, 5.0, (43, 58)))
        for key in keys
    ]
    return tune + bass


def run() -> list[Note]:
    """Quick separate notes, each struck, brightened and lifted in its own way."""
    keys = (62, 65, 67, 69, 72, 74, 77, 79, 81, 79, 77, 74, 72, 69, 67, 65)
    return [
        Note(
            start_s=19.8 + 0.19 * index,
            length_s=0.11 if index % 4 else 0.3,
            key=key,
            strike=0.55 if index % 4 else 0.95,
            press=swell(0.3, 0.5 if index % 4 else 0.85, 0.1, peak=0.2),
            slide=((0, index / 15), (1, index / 15)),
            lift=0.9 if index % 4 else 0.2,
        )
        for index, key in enumerate(keys)
    ]


def last_chord() -> list[Note]:
    """Six fingers lean into one chord, spread it with vibrato, and let it go slowly."""
    return [
        Note(
            start_s=23.0 + 0.05 * finger,
            length_s=5.6 + 0.12 * finger,
            key=key,
            strike=0.5,
            press=((0, 0.25), (0.45, 0.95), (0.6, 0.85), (1, 0.05)),
            slide=((0, 0.25), (0.45, 1.0), (1, 0.1)),
            glide_semitones=((0, -0.5), (0.08, 0.0), (1, 0.0)),
            vibrato_semitones=0.12 + 0.03 * finger,
            lift=0.05,
        )
        for finger, key in enumerate((38, 50, 57, 65, 72, 76))
    ]


def _dimensions(note: Note, share: float, channel: int) -> list[mido.Message]:
    """Say where the finger's three continuous dimensions stand at one moment."""
    vibrato = note.vibrato_semitones * np.clip((share - 0.25) / 0.3, 0, 1)
    wave = vibrato * np.sin(2 * np.pi * VIBRATO_HZ * share * note.length_s)
    glide_semitones = value_at(note.glide_semitones, share) + wave
    return [
        mido.Message(
            "pitchwheel",
            channel=channel,
            pitch=ratio_to_bend(glide_semitones / BEND_RANGE_SEMITONES) - BEND_CENTRE,
        ),
        mido.Message(
            "control_change",
            channel=channel,
            control=74,
            value=ratio_to_slide(value_at(note.slide, share)),
        ),
        mido.Message(
            "aftertouch", channel=channel, value=ratio_to_pressure(value_at(note.press, share))
        ),
    ]


def _messages(note: Note, channel: int) -> list[tuple[float, mido.Message]]:
    """Play one note, from the state before its strike to its lift; no value is sent twice."""
    strike, lift = ratio_to_velocity(note.strike), ratio_to_velocity(note.lift)
    last = _dimensions(note, 0.0, channel)
    on = mido.Message("note_on", channel=channel, note=note.key, velocity=strike)
    timed = [(note.start_s, message) for message in [*last, on]]
    for elapsed_s in np.arange(STEP_S, note.length_s, STEP_S):
        now = _dimensions(note, elapsed_s / note.length_s, channel)
        timed += [
            (note.start_s + elapsed_s, new)
            for new, old in zip(now, last, strict=True)
            if new != old
        ]
        last = now
    off = mido.Message("note_off", channel=channel, note=note.key, velocity=lift)
    return [*timed, (note.start_s + note.length_s, off)]


def _set_up() -> list[mido.Message]:
    """Declare a lower zone of fifteen members and its bend range."""
    messages = [
        *zone_messages(LOWER, len(MEMBERS)),
        *bend_range_messages(MEMBERS[0], BEND_RANGE_SEMITONES),
    ]
    return [mido.Message.from_bytes(message) for message in messages]


def performance() -> mido.MidiFile:
    """Compose the whole performance; each note takes the channel that has rested longest."""
    notes = sorted(
        changing_chord() + melody() + run() + last_chord(), key=lambda note: note.start_s
    )
    free_s = dict.fromkeys(MEMBERS, 0.0)
    timed = [(0.0, message) for message in _set_up()]
    for note in notes:
        channel = min(free_s, key=lambda member: free_s[member])
        free_s[channel] = note.start_s + note.length_s
        timed += _messages(note, channel)
    return _file(sorted(timed, key=lambda pair: pair[0]))


def _file(timed: list[tuple[float, mido.Message]]) -> mido.MidiFile:
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_S // 2)
    track = mido.MidiTrack([mido.MetaMessage("track_name", name="Embouchure performance")])
    now_ticks = 0
    for time_s, message in timed:
        ticks = round(time_s * TICKS_PER_S)
        track.append(message.copy(time=ticks - now_ticks))
        now_ticks = ticks
    file.tracks.append(track)
    return file


def performance_bytes() -> bytes:
    """Render the performance as a Standard MIDI File."""
    buffer = io.BytesIO()
    performance().save(file=buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("performance.mid").write_bytes(performance_bytes())
