"""Recordings: a player's own sound becomes targets, phrase by phrase and note by note."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.audition import distance_db
from calibration.targets.cutting import (
    Phrase,
    Span,
    audible_db,
    bridged,
    noises_in,
    phrases,
    pitch_of,
    playable,
)
from calibration.targets.description import describe
from calibration.targets.known_instruments import recipe_named
from calibration.targets.likeness import nearest_instrument
from calibration.targets.sound_file import RecordingError
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.mapping import HIGHEST, LOWEST
from presets.factory.demonstrations import Composer
from synth.analysis.frames import RATE_HZ
from synth.analysis.fundamental import MELODY_RATE_HZ, Melody, find_melody
from synth.analysis.note import Analysis, analyse, find_onset
from synth.analysis.unpitched import analyse_unpitched
from synth.encoder import CODE_RATE_HZ, encode_analysis
from synth.space import Space

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

PHRASE: Final = "recording"
NOTE: Final = "recorded-note"
NOISE: Final = "recorded-noise"
NOISE_NOTES: Final = (36.0, 48.0, 60.0, 72.0, 84.0)
"""Keys that are tried for what has no pitch of its own."""
NAME_LENGTH: Final = 24
"""Room is left for the numbers of a phrase and of its notes."""
LOUD_SHARE: Final = 0.95
LOUD_DB: Final = -14.0
"""What the loudest twentieth of a recording is brought to: near the top of every preset."""
SOFT_RANGE_DB: Final = 30.0
"""So far below the loudest, a note counts as struck without force."""
LEAST_STRIKE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class HeardPhrase:
    """A part of a recording as a target, and each of its notes as one.

    `distance_db` is how far the target sounds from the recording, in log-mel levels.
    """

    start_s: float
    target: Target
    notes: tuple[Target, ...]
    pitches: tuple[float, ...]
    like: str
    distance_db: float

    @property
    def played(self) -> tuple[Target, ...]:
        """Its notes, or all of it where it has none: what an instrument can be made of."""
        return self.notes or (self.target,)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The whole part, then its notes where there are several."""
        return (self.target, *self.notes) if len(self.notes) > 1 else (self.target,)


def hear(
    sound: Array,
    space: Space,
    name: str,
    like: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Iterator[HeardPhrase]:
    """Make targets of a recording of one voice or instrument alone, part by part.

    Parameters
    ----------
    sound
        One channel at `RATE_HZ`, shape (n_samples,).
    name
        What the targets are called, further ones with numbers after it.
    like
        The instrument whose dull and bright ends brightness is told by; without one, that of the
        space which sounds most alike.

    Raises
    ------
    RecordingError
        When there is no note in it.
    UnknownInstrumentError
        When there is no such instrument.
    """
    melody = find_melody(sound)
    parts = [part for phrase in phrases(melody) for part in playable(melody, phrase)]
    noises = [] if parts else noises_in(melody)
    if not (parts or noises):
        raise RecordingError(
            "nothing in the recording lasts long enough to be played; give a longer one"
        )
    encoder = _Encoder(sound, melody, space, like)
    for number, part in enumerate(parts or noises, start=1):
        own_name = name[:NAME_LENGTH] + (f"-{number}" if len(parts or noises) > 1 else "")
        yield encoder.heard(part, own_name) if parts else encoder.noise(part, own_name)
        progress(number, len(parts or noises))


class _Encoder:
    """Turns parts of one recording into targets, all brought to the same level."""

    def __init__(self, sound: Array, melody: Melody, space: Space, like: str | None) -> None:
        self._sound, self._melody, self._space = sound, melody, space
        self._like = like
        heard = melody.voiced if melody.voiced.any() else melody.level_db > audible_db(melody)
        self._loudest_db = float(np.quantile(melody.level_db[heard], LOUD_SHARE))
        self._gain_db = LOUD_DB - self._loudest_db

    def heard(self, part: Phrase, name: str) -> HeardPhrase:
        """Analyse, encode and describe one part."""
        clip = self._clip(part.span)
        track = bridged(self._melody.note[part.span.start : part.span.end])
        onset = find_onset(clip)
        rows, note = self._rows(analyse(clip, RATE_HZ, track))
        first = part.span.start + round(onset / RATE_HZ * MELODY_RATE_HZ)
        pitches = tuple(pitch_of(self._melody, span) for span in part.notes)
        key = _key(pitches)
        like = self._like or nearest_instrument(self._space, rows, float(np.median(pitches)))
        composer = Composer(self._space, recipe_named(self._space, like))
        spans = [Span(max(s.start - first, 0), s.end - first) for s in part.notes]
        whole = self._target(composer, name, rows, note, (PHRASE, key, spans[-1].end))
        return HeardPhrase(
            start_s=part.span.start_s + onset / RATE_HZ,
            target=whole,
            notes=tuple(self._notes(composer, name, rows, note, spans)),
            pitches=pitches,
            like=like,
            distance_db=distance_db(whole, self._space, clip[onset:], self._gain_db),
        )

    def noise(self, part: Phrase, name: str) -> HeardPhrase:
        """Encode a part in which nothing has a pitch, at the key where the space comes nearest."""
        clip = self._clip(part.span)
        tried = (self._noise_at(clip, note, part, name) for note in NOISE_NOTES)
        return min(tried, key=lambda heard: heard.distance_db)

    def _noise_at(self, clip: Array, note: float, part: Phrase, name: str) -> HeardPhrase:
        onset = find_onset(clip)
        rows, track = self._rows(analyse_unpitched(clip, RATE_HZ, note))
        like = self._like or nearest_instrument(self._space, rows, note)
        composer = Composer(self._space, recipe_named(self._space, like))
        whole = self._target(composer, name, rows, track, (NOISE, note, len(rows)))
        return HeardPhrase(
            start_s=part.span.start_s + onset / RATE_HZ,
            target=whole,
            notes=(),
            pitches=(),
            like=like,
            distance_db=distance_db(whole, self._space, clip[onset:], self._gain_db),
        )

    def _clip(self, span: Span) -> Array:
        hop = RATE_HZ // MELODY_RATE_HZ
        return self._sound[span.start * hop : span.end * hop]

    def _rows(self, frames: Analysis) -> tuple[Array, Array]:
        """Codes and loudness, and the sounding note, at `TARGET_RATE_HZ`."""
        encoding = encode_analysis(self._space, frames)
        at_s = np.arange(0.0, frames.times_s[-1], 1.0 / TARGET_RATE_HZ)
        code_s = np.arange(len(encoding.codes)) / CODE_RATE_HZ
        codes = [np.interp(at_s, code_s, column) for column in encoding.codes.T]
        loudness_db = np.interp(at_s, frames.times_s, frames.loudness_db) + self._gain_db
        return np.column_stack([*codes, loudness_db]), np.interp(at_s, frames.times_s, frames.note)

    def _notes(
        self, composer: Composer, name: str, rows: Array, note: Array, spans: list[Span]
    ) -> Iterator[Target]:
        ends = [span.start for span in spans[1:]] + [len(rows)]
        for number, (span, end) in enumerate(zip(spans, ends, strict=True), start=1):
            here = slice(span.start, max(end, span.start + 2))
            key = float(round(np.median(note[span.start : max(span.end, span.start + 1)])))
            own_name = f"{name}-{number:02d}"
            held = span.end - span.start
            yield self._target(composer, own_name, rows[here], note[here], (NOTE, key, held))

    def _target(
        self, composer: Composer, name: str, rows: Array, note: Array, what: tuple[str, float, int]
    ) -> Target:
        """Make a target of some rows; `what` is its kind, its key and the rows it is held for."""
        kind, key, held = what
        cents = 100.0 * (note - key)
        trajectory = np.clip(np.column_stack([rows, cents]), LOWEST, HIGHEST).astype(np.float32)
        strike = self._strike(rows[:, -1])
        return Target(
            name=name,
            kind=kind,
            note=key,
            strike=strike,
            held_s=min(max(held, 1), len(rows)) / TARGET_RATE_HZ,
            trajectory=trajectory,
            descriptors=describe(composer, trajectory, key, strike),
            space_sha256=self._space.sha256,
        )

    def _strike(self, loudness_db: Array) -> float:
        """Tell how hard a note seems struck from how loud it gets."""
        below_db = LOUD_DB - loudness_db.max()
        return float(np.clip(1.0 - below_db / SOFT_RANGE_DB, LEAST_STRIKE, 1.0))


def _key(pitches: tuple[float, ...]) -> float:
    """Choose the key that plays a phrase: its first note, or its middle where that is too far."""
    first = float(round(pitches[0]))
    reach = max(abs(pitch - first) for pitch in pitches)
    return first if reach < 12.0 else float(round((max(pitches) + min(pitches)) / 2.0))
