"""The first time: a whole first calibration, rehearsed with a simulated player on a fake clock."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.demonstration import N_TAKES, Demonstration
from calibration.demonstrations.hearing import heard_rows, listeners_of
from calibration.demonstrations.imitator import Imitator
from calibration.demonstrations.newcomer import Newcomer
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take_store import TakeStore
from calibration.guide import Tone
from calibration.hand.hand_guide import Controller, HandGuide, steady
from calibration.rehearsal import Rehearsal
from calibration.simulation.player import Player, hear
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.features import TOUCH_FIELDS
from mapper.hand import Hand
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, LOUDNESS, Mapping
from mapper.profile import GENERIC
from presets.store import load
from synth.space import Space

Array = NDArray[np.float64]

TONE_PRESET: Final = "voice"
UNSEEN: Final = (("free", 101), ("free", 102), ("swell", 103), ("brighten", 104), ("accent", 105))
"""Kinds and seeds of what the player plays of their own accord, when it is seen what they have."""
LOUDNESS_UNIT_DB: Final = 6.0
AGE: Final = TOUCH_FIELDS.index("age_s")


class Stage(NamedTuple):
    """What the player has if they leave after a step.

    `error` is how far their playing then sounds from what they mean, on targets that they never
    imitated, as a share of the movement of these; `time_s` is since they sat down.
    """

    step: str
    time_s: float
    error: float


@dataclass(frozen=True, kw_only=True)
class FirstTime:
    """How a first calibration went; the first stage is before it began."""

    seconds: float
    first_sound_s: float
    stages: tuple[Stage, ...]
    chosen: str | None

    @property
    def figures(self) -> dict[str, object]:
        """Everything that was measured, ready for JSON."""
        stages = [stage._asdict() for stage in self.stages]
        return {**vars(self), "stages": stages}


def rehearse_first_time(
    preset: str, space: Space, folder: Path, *, seed: int, family: str, n_takes: int = N_TAKES
) -> FirstTime:
    """Let a simulated player measure their hand and then teach a preset.

    Parameters
    ----------
    folder
        Where the takes are kept.
    seed, family
        Who the player is, see `calibration.simulation`.
    """
    base = load(preset)
    pupil = Pupil(base, space)
    judge = Judge(pupil, seed, family)
    hand, measuring_s, first_sound_s = _measure(Player(seed, family, stream=11))
    stages = [
        Stage("nothing", 0.0, judge.error(base.mapping, None)),
        Stage("hand", measuring_s, judge.error(base.mapping, hand)),
    ]
    guide = Demonstration(pupil, TakeStore(folder), n_takes=n_takes)
    imitator = Imitator(
        Player(seed, family, stream=12), lambda tone: judge.error(tone.preset.mapping, hand)
    )
    rehearsed = Rehearsal(guide, imitator, listeners_of(hand)).run()
    for count, (time_s, taught) in enumerate(guide.history, 1):
        error = judge.error(taught.preset.mapping, hand)
        stages.append(Stage(f"take {count}", measuring_s + time_s, error))
    return FirstTime(
        seconds=measuring_s + rehearsed.seconds,
        first_sound_s=first_sound_s,
        stages=tuple(stages),
        chosen=rehearsed.result.chosen,
    )


def _measure(player: Player) -> tuple[Hand, float, float]:
    tone = Tone(name="steady", preset=steady(load(TONE_PRESET)))
    guide = HandGuide(
        "newcomer", tone, lambda _: Controller(GENERIC.name, slide_continues_press=False)
    )
    rehearsed = Rehearsal(guide, Newcomer(player)).run()
    assert isinstance(rehearsed.result, Hand)
    assert rehearsed.first_sound_s is not None
    return rehearsed.result, rehearsed.seconds, rehearsed.first_sound_s


class Judge:
    """Tells how far a mapping is from what one player means, on playing that nothing is learned from."""

    def __init__(self, pupil: Pupil, seed: int, family: str) -> None:
        self._targets = [pupil.target(kind, seed=number) for kind, number in UNSEEN]
        player = Player(seed, family, stream=13)
        self._touches = [player.perform(hear(target)).touches for target in self._targets]

    def error(self, mapping: Mapping, hand: Hand | None) -> float:
        """RMS distance of what sounds from what was meant, relative to the spread of that."""
        pairs = [
            (_sounded(mapping, touches, hand), _meant(target))
            for touches, target in zip(self._touches, self._targets, strict=True)
        ]
        wrong = np.vstack([said[: len(meant)] - meant[: len(said)] for said, meant in pairs])
        meant = np.vstack([meant for _, meant in pairs])
        return float(np.sqrt((wrong**2).sum(axis=1).mean() / meant.var(axis=0).sum()))


def _sounded(mapping: Mapping, touches: Array, hand: Hand | None) -> Array:
    """Give what a mapping answers to a touch as a hand has it, at `TARGET_RATE_HZ`."""
    rows = heard_rows(touches, hand)
    said = mapping.predict(gesture_features(rows)).astype(np.float64)
    times_s = np.arange(0.0, rows[-1, AGE], 1.0 / TARGET_RATE_HZ)
    at = np.searchsorted(rows[:, AGE], times_s + 1e-6, side="right") - 1
    return _units(said[at])


def _meant(target: Target) -> Array:
    held = round(target.held_s * TARGET_RATE_HZ)
    return _units(target.trajectory[:held].astype(np.float64))


def _units(trajectory: Array) -> Array:
    """Codes, and the loudness in a unit that weighs as much."""
    return np.column_stack([trajectory[:, :CODE_SIZE], trajectory[:, LOUDNESS] / LOUDNESS_UNIT_DB])
