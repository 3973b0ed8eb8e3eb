"""A school for tests: one simulated player teaches one preset."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from calibration.demonstrations.demonstration import Demonstration
from calibration.demonstrations.imitator import Imitator
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take_store import TakeStore
from calibration.guide import Action, Show, Tone
from calibration.rehearsal import Rehearsal, Rehearsed, RehearsingPlayer
from calibration.simulation.player import Player
from calibration.targets.target import Target
from presets.spaces import factory_space
from presets.store import load

PRESET = "breath"
SEED = 3


@cache
def targets() -> tuple[Target, ...]:
    return tuple(Pupil(load(PRESET), factory_space()).targets())


class QuickPupil(Pupil):
    """A pupil whose targets are made once for all tests."""

    def targets(self) -> list[Target]:
        return list(targets())


def pupil() -> Pupil:
    return QuickPupil(load(PRESET), factory_space())


class Prefers(Imitator):
    """A simulated player who prefers the sound as it was, or as it was taught, without a doubt."""

    def __init__(self, taught: Pupil, *, taste: str) -> None:
        def dislike(tone: Tone) -> float:
            is_factory = tone.preset.mapping is taught.preset.mapping
            return float(is_factory == (taste == "yours"))

        super().__init__(Player(SEED, "power", 1), dislike, _nearer)


def _nearer(first: float, second: float) -> int:
    return -1 if first < second else 1


def lesson(
    folder: Path,
    n_takes: int = 3,
    taste: str = "yours",
    until_s: float = 600.0,
    player: Callable[[Pupil], RehearsingPlayer] | None = None,
) -> tuple[Rehearsed, TakeStore]:
    """Rehearse a demonstration."""
    taught, store = pupil(), TakeStore(folder)
    imitator = player(taught) if player else Prefers(taught, taste=taste)
    guide = Demonstration(taught, store, n_takes=n_takes)
    return Rehearsal(guide, imitator).run(until_s), store


def pages(actions: Sequence[tuple[float, Action]]) -> list[str]:
    """Titles of the pages shown, one after another."""
    shown = [action.title for _, action in actions if isinstance(action, Show)]
    return [title for place, title in enumerate(shown) if place == 0 or title != shown[place - 1]]
