"""The steps by which a hand is measured: what is asked, how often, and what will do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from calibration.hand import judging
from calibration.hand.sitting import Sitting
from mapper.gestures import Gesture

MAX_TRIES: Final = 3
"""After so many refusals a step that can be done without is left out."""


def _no_objection(_: Sitting) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that the player is asked to do, one touch after another.

    Attributes
    ----------
    titles
        What to do, in a word or two, for each touch in turn.
    text
        The same in a sentence.
    judge
        Says why one touch is no use, or nothing.
    place
        Where in a sitting the touch of a turn belongs.
    check
        Says why all of them together are no use, or nothing.
    dimension
        What must move in it; where the controller never sends that, the step is left out.
    is_optional
        Whether it is left out after `MAX_TRIES` refusals.
    moves, shape
        What is drawn of the touch, and how it should go: seconds and a value 0-1.
    """

    titles: tuple[str, ...]
    text: str
    judge: Callable[[Gesture], str]
    place: Callable[[Sitting, int], list[Gesture]]
    check: Callable[[Sitting], str] = _no_objection
    dimension: str = ""
    is_optional: bool = False
    moves: str = "press"
    shape: tuple[tuple[float, float], ...] = ()

    def clear(self, sitting: Sitting) -> None:
        """Forget the touches of the step."""
        for turn in range(len(self.titles)):
            self.place(sitting, turn).clear()


def _differ(levels: Sequence[Sequence[Gesture]], name: str, words: Sequence[str], what: str) -> str:
    said = [[float(getattr(one, name)) for one in level] for level in levels]
    return judging.in_order(said, words, what)


STRENGTHS: Final = ("soft", "medium", "hard")
PACES: Final = ("slow", "quick")
FORCES: Final = ("soft", "medium", "strong")

SWELLS: Final = Step(
    titles=("Swell", "Swell again"),
    text="Hold one key: press evenly from nothing to as hard as you ever do, in three seconds, and "
    "as evenly back. The tone does not follow, so that it cannot lead you.",
    judge=judging.swell,
    place=lambda sitting, _: sitting.swells,
    dimension="press",
    shape=((0.0, 0.0), (3.0, 1.0), (6.0, 0.0)),
)
SWEEPS: Final = Step(
    titles=("Slide", "Slide again"),
    text="Hold one key, pressing easily: slide from the near end of the key to the far end, and back.",
    judge=judging.sweep,
    place=lambda sitting, _: sitting.sweeps,
    dimension="slide",
    moves="slide",
    shape=((0.0, 0.0), (2.0, 1.0), (4.0, 0.0)),
)
STRIKES: Final = Step(
    titles=("Strike softly", "Strike medium", "Strike hard") * 2,
    text="Strike a key and let go: softly, medium, hard, and the same once more.",
    judge=judging.tap,
    place=lambda sitting, turn: sitting.strikes[turn % 3],
    check=lambda sitting: _differ(sitting.strikes, "strike", STRENGTHS, "strikes"),
    dimension="strike",
)
LIFTS: Final = Step(
    titles=("Lift slowly", "Lift quickly") * 3,
    text="Strike a key and lift your finger: slowly, then quickly, three times each.",
    judge=judging.anything,
    place=lambda sitting, turn: sitting.lifts[turn % 2],
    check=lambda sitting: _differ(sitting.lifts, "lift", PACES, "lifts"),
    dimension="lift",
    is_optional=True,
)
HOLDS: Final = Step(
    titles=("Hold softly", "Hold medium", "Hold strongly"),
    text="Hold a key as still as you can for two seconds: softly, then medium, then strongly.",
    judge=judging.hold,
    place=lambda sitting, turn: sitting.holds[turn],
    check=lambda sitting: judging.in_order(
        [[float(judging.level_of(one)) for one in level] for level in sitting.holds],
        FORCES,
        "holds",
    ),
    dimension="press",
    is_optional=True,
)
VIBRATO: Final = Step(
    titles=("Vibrato",),
    text="Hold a key for three seconds with your own vibrato, whatever it is.",
    judge=judging.vibrato,
    place=lambda sitting, _: sitting.vibratos,
    is_optional=True,
)
BEND: Final = Step(
    titles=("Glide to a key", "Strike that key"),
    text="Glide from one key to another and stay there; let go, and strike that other key.",
    judge=judging.anything,
    place=lambda sitting, _: sitting.bend,
    is_optional=True,
)
TAPS: Final = Step(
    titles=("Answer each click",),
    text="Strike a key as soon as you hear a click, eight times; the clicks come when they like.",
    judge=judging.anything,
    place=lambda _sitting, _turn: [],
    is_optional=True,
)
ALL: Final = (SWELLS, SWEEPS, STRIKES, LIFTS, HOLDS, VIBRATO, TAPS, BEND)
WARM: Final = (
    SWELLS,
    Step(
        titles=("Hold medium",),
        text="Hold a key as still as you can for two seconds.",
        judge=judging.hold,
        place=lambda sitting, _: sitting.holds[1],
        dimension="press",
    ),
)
"""Twenty seconds before playing, for a hand that is known."""
