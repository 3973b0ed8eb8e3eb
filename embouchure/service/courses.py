"""Courses: what a guide can lead to, each with how it begins and what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from calibration.demonstrations.blind import FACTORY
from calibration.demonstrations.demonstration import Demonstrated
from calibration.demonstrations.diploma import figures
from calibration.guide import Guide, Tone
from calibration.hand.hand_guide import HandGuide
from calibration.hand.hands import name_of, save
from calibration.hand.portrait import portrait
from calibration.refinements.phrase import Phrase
from calibration.refinements.refinement import Refinement
from calibration.refinements.refining import Refined
from calibration.simulation.events import touch_events
from embouchure import demo_session, refine_session
from embouchure.demo_session import Lesson, demonstration, own_name
from embouchure.hand_session import UNFINISHED, hand_guide, refuse_unfinished
from embouchure.refine_session import refining
from mapper.hand import Hand, HandError
from mapper.listeners import Listeners

BEFORE: Final = "before"
AFTER: Final = "after"

Command = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a course.

    Attributes
    ----------
    sentences
        To be read by the player.
    sounds
        What can be played and compared, by `BEFORE` and `AFTER`.
    phrase
        What was played, to be heard by any of them.
    keep
        Keeps what was learned as a preset under a name, and returns its version there.
    suggested
        The name that is proposed.
    figures
        What was measured, ready for JSON.
    commands
        What the engine is told from now on.
    """

    sentences: tuple[str, ...]
    sounds: Mapping[str, Tone] = field(default_factory=dict)
    phrase: Phrase | None = None
    keep: Callable[[str], int] | None = None
    suggested: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    commands: Sequence[Command] = ()


class Course(Protocol):
    """One way to be led.

    Attributes
    ----------
    preset
        Whose space must be played.
    is_bare
        Whether nobody's hand evens the playing meanwhile.
    """

    preset: str
    is_bare: bool

    def guide(self, listeners: Listeners) -> Guide:
        """Make the guide; `listeners` hear the ports for it."""

    def outcome(self, result: Any) -> Outcome:  # noqa: ANN401
        """Tell what came of it by what the guide ended with."""


class HandCourse:
    """Measures a hand, which is kept at once and played with."""

    is_bare = True

    def __init__(self, player: str, preset: str, known: Hand | None) -> None:
        self.preset = preset
        self._player = player
        self._known = known
        self._guide: HandGuide

    def guide(self, listeners: Listeners) -> Guide:
        """Make the guide."""
        self._guide = hand_guide(self._player, self.preset, listeners, self._known)
        return self._guide

    def outcome(self, result: Any) -> Outcome:  # noqa: ANN401
        """Keep the hand."""
        if not isinstance(result, Hand):
            return Outcome(sentences=("Nothing was measured, so nothing is kept.",))
        said = list(portrait(result))
        if self._guide.is_unfinished:
            try:
                refuse_unfinished(result)
            except HandError as error:
                return Outcome(sentences=(f"{str(error)[:1].upper()}{str(error)[1:]}.",))
            said.append(UNFINISHED)
        save(result)
        fields = result.model_dump(mode="json")
        return Outcome(
            sentences=(f"You play with the hand {name_of(result)} from now on.", *said),
            figures={"hand": fields, "name": name_of(result)},
            commands=({"command": "hand", "port": self._guide.port, "hand": fields},),
        )


class DemonstrationCourse:
    """Lets a preset be taught by imitation."""

    is_bare = False

    def __init__(self, preset: str, lesson: Lesson, n_takes: int) -> None:
        self.preset = preset
        self._lesson = lesson
        self._n_takes = n_takes

    def guide(self, listeners: Listeners) -> Guide:
        """Make the guide."""
        return demonstration(self._lesson, self._n_takes)

    def outcome(self, result: Any) -> Outcome:  # noqa: ANN401
        """Offer what was learned, where it is better than before."""
        if not isinstance(result, Demonstrated) or not result.taught:
            return Outcome(sentences=("Nothing was learned. Your takes are kept.",))
        taught, pupil = result.taught, self._lesson.pupil
        if not taught.adopted:
            return Outcome(sentences=(taught.in_words(), f"{self.preset} stays as it was."))
        if result.chosen == FACTORY:
            return Outcome(sentences=("You chose the sound as it was, and it stays.",))

        def keep(name: str) -> int:
            return demo_session.keep(pupil, taught, result.takes, own_name(self.preset, name))

        return Outcome(
            sentences=(
                *(["You chose your own sound."] if result.chosen else []),
                taught.in_words(),
            ),
            sounds=_pair(pupil.preset, taught.preset),
            phrase=Phrase.of(touch_events(result.takes[-1].touches.astype(float), 1)),
            keep=keep,
            suggested=own_name(self.preset, None),
            figures={"chosen": result.chosen, **figures(taught)},
        )


class RefinementCourse:
    """Lets a preset be brought nearer to a wish by comparisons."""

    is_bare = False

    def __init__(self, preset: str, n_answers: int) -> None:
        self.preset = preset
        self._work = Refinement.of(preset)
        self._before = self._work.preset
        self._n_answers = n_answers

    def guide(self, listeners: Listeners) -> Guide:
        """Make the guide."""
        return refining(self._work, self._n_answers)

    def outcome(self, result: Any) -> Outcome:  # noqa: ANN401
        """Offer the version that was chosen."""
        if not isinstance(result, Refined) or result.version is None:
            return Outcome(sentences=("Nothing was chosen, so nothing changes.",))
        said = f"Version {result.version.number}, after {result.n_answers} comparisons."
        return Outcome(
            sentences=(said,),
            sounds=_pair(self._before, self._work.preset),
            keep=lambda name: refine_session.keep(self._work, self.preset, name),
            suggested=own_name(self.preset, None),
            figures={"comparisons": result.n_answers, "is_settled": result.is_settled},
        )


def _pair(before: Any, after: Any) -> dict[str, Tone]:  # noqa: ANN401
    return {BEFORE: Tone(name=BEFORE, preset=before), AFTER: Tone(name=AFTER, preset=after)}
