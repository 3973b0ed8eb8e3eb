"""A new sound: one note of what somebody recorded, analysed and ready to be learned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ
from synth.analysis.fundamental import find_melody
from synth.analysis.note import Analysis, analyse, find_onset, resample
from synth.analysis.unpitched import NOMINAL_NOTE, analyse_unpitched
from synth.training.corpora.audio_file import read_audio
from synth.training.corpora.levels import gain, level_db, velocity
from synth.training.corpora.note_check import SILENT, is_silent
from synth.training.corpora.note_names import instrument_name
from synth.training.corpora.recordings import Cut, cut_notes
from synth.training.corpus import HELD_S, TAIL_S, CorpusError
from synth.training.instruments import family_of_name

Array = NDArray[np.float64]

MOST_NOTES: Final = 24
"""Of a recording; more of them, spread over it, tell little more of one sound."""
SHORTEST_S: Final = 0.06
HELD_DROP_DB: Final = 12.0
"""A sound is held until it has fallen so far below most of itself."""
FALLING_DB_PER_S: Final = -6.0
"""What falls faster while it is held is a struck sound."""
NAME_LENGTH: Final = 32


@dataclass(frozen=True, kw_only=True)
class NewSound:
    """One note to be learned.

    Attributes
    ----------
    name, family
        What its recording is called, and what it seems to be.
    velocity
        How hard it seems struck, 1-127.
    sound
        The note from its onset on, one channel at `RATE_HZ`, shape (n_samples,).
    frames
        Its analysis.
    has_pitch
        Whether it sounds at a pitch; without one its key is only nominal.
    """

    name: str
    family: str
    velocity: int
    sound: Array
    frames: Analysis
    has_pitch: bool

    @property
    def note(self) -> int:
        """The key nearest to its pitch."""
        return round(float(np.median(self.frames.note)))

    @property
    def held_s(self) -> float:
        """When it begins to end."""
        loudness_db = self.frames.loudness_db
        usual_db = float(np.quantile(loudness_db, 0.8))
        loud = np.flatnonzero(loudness_db > usual_db - HELD_DROP_DB)
        return float(min(self.frames.times_s[loud[-1]], HELD_S))

    @property
    def slope_db_per_s(self) -> float:
        """How fast it falls while it is held; 0 for what is sustained."""
        times_s = self.frames.times_s
        held = (times_s > 0.3 * self.held_s) & (times_s <= self.held_s)
        if held.sum() < 5:
            return 0.0
        slope = float(np.polyfit(times_s[held], self.frames.loudness_db[held], 1)[0])
        return slope if slope < FALLING_DB_PER_S else 0.0


def name_of(path: Path) -> str:
    """Name a recording after its file.

    >>> name_of(Path("My Door (2).wav"))
    'my-door-2'
    """
    return (instrument_name(path.stem) or "sound")[:NAME_LENGTH].strip("-")


def hear_file(path: Path, cut: Cut, name: str) -> list[NewSound]:
    """Cut a recording into notes and analyse each; one without a pitch is a single noise.

    Parameters
    ----------
    cut
        Finds the notes of a melody.
    name
        What to call the recording.

    Raises
    ------
    CorpusError
        When it cannot be read, or nothing in it sounds for long enough.
    """
    audio, rate_hz = read_audio(path)
    sound = resample(audio, rate_hz)
    if is_silent(sound):
        raise CorpusError(f"{path} is silent; record it again, louder")
    heard = list(_pitched(sound, cut)) or list(_unpitched(sound))
    if not heard:
        raise CorpusError(f"nothing in {path} sounds for long enough; give a longer recording")
    return list(_levelled(name, heard))


def _pitched(sound: Array, cut: Cut) -> Iterator[tuple[Array, Analysis, bool]]:
    melody = find_melody(sound)
    if not melody.voiced.any():
        return
    found = [
        one
        for one in cut_notes(sound, melody, cut(melody))
        if len(one.sound) > SHORTEST_S * RATE_HZ and np.abs(one.sound).max() > SILENT
    ]
    for place in _spread(len(found), MOST_NOTES):
        one = found[place]
        try:
            frames = analyse(one.sound, RATE_HZ, one.track)
        except ValueError:  # what sounds of it is too short
            continue
        yield one.sound[find_onset(one.sound) :], frames, True


def _unpitched(sound: Array) -> Iterator[tuple[Array, Analysis, bool]]:
    onset = find_onset(sound)
    kept = sound[onset : onset + round((HELD_S + TAIL_S) * RATE_HZ)]
    if len(kept) > SHORTEST_S * RATE_HZ:
        yield kept, analyse_unpitched(kept, RATE_HZ, NOMINAL_NOTE), False


def _spread(n: int, n_kept: int) -> Sequence[int]:
    return range(n) if n <= n_kept else np.linspace(0, n - 1, n_kept).astype(int).tolist()


def _levelled(name: str, heard: list[tuple[Array, Analysis, bool]]) -> Iterator[NewSound]:
    """Bring a recording to the level of other sounds, and tell how hard each note seems struck."""
    levels_db = [level_db(sound, RATE_HZ) for sound, *_ in heard]
    up = gain(max(levels_db), max(float(np.abs(sound).max()) for sound, *_ in heard))
    up_db = 20 * np.log10(up)
    family, _ = family_of_name(name)
    for (sound, frames, has_pitch), own_db in zip(heard, levels_db, strict=True):
        raised = Analysis(
            controls=frames.controls,
            loudness_db=(frames.loudness_db + up_db).astype(np.float32),
            note=frames.note,
        )
        yield NewSound(
            name=name,
            family=family,
            velocity=velocity(max(levels_db) - own_db),
            sound=up * sound,
            frames=raised,
            has_pitch=has_pitch,
        )
