"""Cutting: where the phrases of a recorded melody begin and end, and the notes within them."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d

from calibration.targets.vibrato import find_vibrato, split
from synth.analysis.fundamental import MELODY_RATE_HZ, Melody

Array = NDArray[np.float64]

HEARD_DB: Final = -40.0
"""Below the loudest moment by this, a recording is silent."""
NOTE_DB: Final = -25.0
"""A note is over when it has fallen so far."""
GAP_S: Final = 0.25
"""Silence this long ends a phrase."""
TAIL_S: Final = 0.30
"""A phrase keeps this much of the silence after it."""
LOOK: Final = round(0.07 * MELODY_RATE_HZ)
"""Frames before and after that must differ in pitch; longer than half a vibrato's swing."""
STEP_SEMITONES: Final = 0.7
VIBRATO_LOOK: Final = round(0.6 * MELODY_RATE_HZ)
RISE: Final = round(0.05 * MELODY_RATE_HZ)
RISE_DB: Final = 9.0
"""A rise of this much within `RISE` frames begins another note."""
SHORTEST: Final = round(0.09 * MELODY_RATE_HZ)


LONGEST: Final = 20 * MELODY_RATE_HZ
"""No part of a recording that is analysed at once is longer."""
WIDEST_SEMITONES: Final = 22.0
"""A trajectory reaches an octave either way."""


class Span(NamedTuple):
    """A stretch of frames, the last not included."""

    start: int
    end: int

    @property
    def start_s(self) -> float:
        """Time of its first frame."""
        return self.start / MELODY_RATE_HZ

    @property
    def end_s(self) -> float:
        """Time at which it is over."""
        return self.end / MELODY_RATE_HZ


class Phrase(NamedTuple):
    """A stretch that one touch can play, and its notes in order."""

    span: Span
    notes: tuple[Span, ...]


def phrases(melody: Melody) -> list[Span]:
    """Cut a melody at its silences; each phrase keeps some of the silence after it."""
    return [span for span in sounding(melody) if melody.voiced[span.start : span.end].any()]


def sounding(melody: Melody) -> list[Span]:
    """Find all that sounds between silences, with a pitch or without."""
    heard = melody.level_db > audible_db(melody)
    joined: list[Span] = []
    for span in _runs(heard & _lasting(heard)):
        if joined and span.start - joined[-1].end < GAP_S * MELODY_RATE_HZ:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    limits = [*(span.start for span in joined[1:]), len(heard)][: len(joined)]
    tail = round(TAIL_S * MELODY_RATE_HZ)
    return [
        Span(span.start, min(span.end + tail, limit))
        for span, limit in zip(joined, limits, strict=True)
    ]


def noises_in(melody: Melody) -> list[Phrase]:
    """Cut a recording without a pitch at its silences, into parts that are not too long."""
    spans = [
        Span(start, min(start + LONGEST, span.end))
        for span in sounding(melody)
        for start in range(span.start, span.end, LONGEST)
    ]
    return [Phrase(span, ()) for span in spans if span.end - span.start >= SHORTEST]


def audible_db(melody: Melody) -> float:
    """Level below which a recording counts as silent."""
    return float(melody.level_db.max()) + HEARD_DB


def notes(melody: Melody, phrase: Span) -> list[Span]:
    """Cut a phrase where its pitch steps to another note or its level rises anew."""
    within = slice(phrase.start, phrase.end)
    level_db = melody.level_db[within]
    note = bridged(melody.note[within])
    steps = _peaks(_step_semitones(note), STEP_SEMITONES)
    cuts = [cut for cut in steps if not _is_vibrato(note, cut)]
    cuts += _peaks(_rise_db(level_db), RISE_DB)
    softest = sorted(_softest(level_db, cut) for cut in cuts)
    found = []
    for start, end in pairwise([0, *_spaced(softest, level_db), len(level_db)]):
        loud = np.flatnonzero(level_db[start:end] > level_db[start:end].max() + NOTE_DB)
        span = Span(phrase.start + start, phrase.start + start + int(loud[-1]) + 1)
        long_enough = span.end - span.start >= SHORTEST
        if long_enough and melody.voiced[span.start : span.end].mean() > 0.5:
            found.append(span)
    return found


def all_notes(melody: Melody) -> list[Span]:
    """Find the notes of a whole recording, in order."""
    return [note for phrase in phrases(melody) for note in notes(melody, phrase)]


def playable(melody: Melody, phrase: Span) -> list[Phrase]:
    """Divide a phrase into parts that one touch can play: not too long, not too wide a range."""
    parts: list[Phrase] = []
    start, kept = phrase.start, list[Span]()
    for note in notes(melody, phrase):
        pitches = [pitch_of(melody, span) for span in (*kept, note)]
        too_long = note.end - start > LONGEST
        if kept and (too_long or max(pitches) - min(pitches) > WIDEST_SEMITONES):
            parts.append(Phrase(Span(start, note.start), tuple(kept)))
            start, kept = note.start, []
        kept.append(note)
    if kept:
        end = min(phrase.end, start + LONGEST)
        kept[-1] = Span(kept[-1].start, min(kept[-1].end, end))
        parts.append(Phrase(Span(start, end), tuple(kept)))
    return parts


def pitch_of(melody: Melody, span: Span) -> float:
    """Pitch of a note as a fractional note number: the median of what has a pitch."""
    return float(np.nanmedian(melody.note[span.start : span.end]))


def bridged(note: Array) -> Array:
    """Fill what has no pitch by straight lines between what has."""
    index, known = np.arange(len(note)), np.isfinite(note)
    return np.interp(index, index[known], note[known])


def _step_semitones(note: Array) -> Array:
    """How far the median pitch after a frame lies from that before it, shape (n_frames,)."""
    middle = median_filter(note, LOOK, mode="nearest")
    half = LOOK // 2 + 1
    before = np.concatenate([np.full(half, middle[0]), middle[:-half]])
    after = np.concatenate([middle[half:], np.full(half, middle[-1])])
    return np.abs(after - before)


def _is_vibrato(note: Array, cut: int) -> bool:
    """Whether a step is only a swing: without the vibrato around it there is none."""
    start = max(cut - VIBRATO_LOOK, 0)
    around = note[start : cut + VIBRATO_LOOK]
    vibrato = find_vibrato(around, MELODY_RATE_HZ)
    if vibrato is None:
        return False
    slow, _ = split(around[:, None], MELODY_RATE_HZ, vibrato)
    return bool(_step_semitones(slow[:, 0])[cut - start] < STEP_SEMITONES)


def _rise_db(level_db: Array) -> Array:
    """How far the level after a frame stands above the lowest just before it."""
    low = minimum_filter1d(level_db, RISE, origin=(RISE - 1) // 2, mode="nearest")
    high = maximum_filter1d(level_db, RISE, origin=-((RISE - 1) // 2), mode="nearest")
    return np.asarray(high - low)


def _peaks(curve: Array, least: float) -> list[int]:
    """Find the middle of each highest stretch of a curve where it exceeds the least."""
    return [
        span.start + int(np.median(np.flatnonzero(part == part.max())))
        for span in _runs(curve > least)
        for part in [curve[span.start : span.end]]
    ]


def _softest(level_db: Array, cut: int) -> int:
    """Move a cut to the softest moment near it, where one note has ended and none begun."""
    start = max(cut - RISE, 0)
    return start + int(level_db[start : cut + RISE].argmin())


def _spaced(cuts: list[int], level_db: Array) -> list[int]:
    """Leave out cuts at the beginning, and of those that are too close all but the softest."""
    kept = [0]
    for cut in cuts:
        if cut - kept[-1] >= SHORTEST:
            kept.append(cut)
        elif len(kept) > 1 and level_db[cut] < level_db[kept[-1]]:
            kept[-1] = cut
    return kept[1:]


def _lasting(heard: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out stretches that are too short to be a note."""
    lasting = np.zeros(len(heard), bool)
    for span in _runs(heard):
        lasting[span.start : span.end] = span.end - span.start >= SHORTEST
    return lasting


def _runs(mask: NDArray[np.bool_]) -> list[Span]:
    """Find the stretches where a mask holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [Span(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
