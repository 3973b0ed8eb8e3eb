"""A soloist: a recording, the playing that belongs to it, and how near presets come to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.take import RELEASE_S, SHORTEST_S, Take, touch_rows
from calibration.fitting.playing import find_lag
from calibration.targets.audition import RATE_HZ, mono, sound_of
from calibration.targets.description import describe
from calibration.targets.known_instruments import recipe_named
from calibration.targets.recording import HeardPhrase, hear
from calibration.targets.sound_file import RecordingError, read_recording
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.gestures import Gesture, gather
from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET
from mapper.performance import hear as hear_performance
from mapper.performance import read
from mapper.touch import Kind, TouchEvent
from presets.factory.demonstrations import Composer
from presets.factory.loudness import loudness_lufs
from synth.analysis.distance import mel_distance_db
from synth.engine.engine import Engine, Event
from synth.offline import render
from synth.patch import Patch
from synth.space import Space

Array = NDArray[np.float64]

NAME: Final = "solo"
RINGING_S: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Soloist:
    """A recorded phrase and the touches that play it.

    Attributes
    ----------
    sound
        The recording from the phrase's onset to its end, shape (n_samples,) at `RATE_HZ`.
    phrase
        What was heard in it.
    events, gestures
        The playing; its times minus `lag_s` count from the phrase's onset.
    misfit_semitones
        Median distance of the played pitch from the recorded one.
    """

    space: Space
    sound: Array
    phrase: HeardPhrase
    events: tuple[TouchEvent, ...]
    gestures: tuple[Gesture, ...]
    lag_s: float
    misfit_semitones: float

    def takes(self, composer: Composer) -> list[Take]:
        """Pair each touch with its part of the phrase, described by an instrument.

        Touches too short to show anything are left out.
        """
        ends_s = [gesture.start_s for gesture in self.gestures[1:]] + [np.inf]
        return [
            Take(
                target=self._part(composer, gesture, number, end_s),
                touches=touch_rows(gesture),
                key=f"{NAME}-{number:02d}",
            )
            for number, (gesture, end_s) in enumerate(
                zip(self.gestures, ends_s, strict=True), start=1
            )
            if gesture.end_s - gesture.start_s >= SHORTEST_S
        ]

    def _part(self, composer: Composer, gesture: Gesture, number: int, end_s: float) -> Target:
        """Cut the target of one touch, its last row kept until the release is over."""
        whole = self.phrase.target
        start = round((gesture.start_s - self.lag_s) * TARGET_RATE_HZ)
        held = round((gesture.end_s - gesture.start_s) * TARGET_RATE_HZ)
        own = held if end_s == np.inf else round((end_s - gesture.start_s) * TARGET_RATE_HZ)
        n_rows = held + round(RELEASE_S * TARGET_RATE_HZ)
        last = start + max(min(own, n_rows), 2) - 1
        at = np.clip(np.arange(start, start + n_rows), 0, min(last, len(whole.trajectory) - 1))
        trajectory = whole.trajectory[at]
        shift_cents = 100.0 * (whole.note - gesture.note)
        trajectory[:, PITCH_OFFSET] = np.clip(
            trajectory[:, PITCH_OFFSET] + shift_cents, -1200, 1200
        )
        return replace(
            whole,
            name=f"{NAME}-{number:02d}",
            note=gesture.note,
            strike=gesture.strike,
            held_s=held / TARGET_RATE_HZ,
            trajectory=trajectory,
            descriptors=describe(composer, trajectory, gesture.note, gesture.strike),
        )

    def play(self, patches: Sequence[Patch]) -> Array:
        """Play every touch, each with its own patch, as one channel that begins with `sound`."""
        engine = Engine(self.space, rate_hz=RATE_HZ)
        slots = [engine.install(patch) for patch in patches]
        order = {gesture.touch: slot for gesture, slot in zip(self.gestures, slots, strict=True)}
        for event in self.events:
            frame = round((event.time_s - min(self.lag_s, 0.0)) * RATE_HZ)
            if event.kind is Kind.STRIKE and event.touch in order:
                engine.select(order[event.touch], frame)
            if event.kind is not Kind.PROGRAM:
                engine.push(Event(frame, event.touch, int(event.kind), *event[3:]))
        n_frames = len(self.sound) + round((abs(self.lag_s) + RINGING_S) * RATE_HZ)
        played = mono(render(engine, [], n_frames).astype(np.float64))
        return played[round(max(self.lag_s, 0.0) * RATE_HZ) :][: len(self.sound)]

    def distance_db(self, sound: Array, true: Array | None = None) -> float:
        """How far a sound is from the recording, or another, once both are equally loud.

        Log-mel levels in dB, see `synth.analysis.distance`.
        """
        true = self.sound if true is None else true
        gain_db = loudness_lufs(true[:, None]) - loudness_lufs(sound[:, None])
        return mel_distance_db(true, sound * 10.0 ** (gain_db / 20.0))[0]

    def target_sound(self) -> Array:
        """Say the phrase as the space does: no preset can come nearer, one channel."""
        return mono(sound_of(self.phrase.target, self.space))[: len(self.sound)]

    def wrong_sound(self, instrument: str) -> Array:
        """Say the phrase with its own loudness and pitch in another instrument's tone."""
        target = self.phrase.target
        trajectory = target.trajectory.copy()
        trajectory[:, :CODE_SIZE] = self._tone(instrument)
        wrong = replace(target, trajectory=trajectory)
        return mono(sound_of(wrong, self.space))[: len(self.sound)]

    def _tone(self, instrument: str) -> Array:
        """Codes of an instrument at the phrase's pitch, as it sounds when it is struck once."""
        rows = self.phrase.target.trajectory.astype(np.float64)
        move = {
            "pitch_note": self.phrase.target.note + rows[:, PITCH_OFFSET] / 100.0,
            "age_s": self.phrase.target.times_s,
            "strike": np.full(len(rows), self.phrase.target.strike),
        }
        composer = Composer(self.space, recipe_named(self.space, instrument))
        return composer.codes(move, np.full(len(rows), 0.5), rows[:, LOUDNESS])


def soloist(midi: Path, recording: Path, space: Space, like: str | None = None) -> Soloist:
    """Bring a recording and its playing together.

    Raises
    ------
    PerformanceError, RecordingError
        When a file cannot be read, or they do not belong together.
    """
    sound = read_recording(recording)
    phrase = next(hear(sound, space, NAME, like))
    onset = round(phrase.start_s * RATE_HZ)
    part = sound[onset : onset + round(phrase.target.length_s * RATE_HZ)]
    events = tuple(hear_performance(read(midi)))
    gestures = tuple(gather(events))
    if not gestures:
        raise RecordingError(f"{midi} has no notes; give the playing of {recording}")
    lag_s, misfit = find_lag(part, gestures)
    return Soloist(
        space=space,
        sound=part,
        phrase=phrase,
        events=events,
        gestures=gestures,
        lag_s=lag_s,
        misfit_semitones=misfit,
    )
