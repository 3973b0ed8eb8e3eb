"""A pupil: a preset that can be taught, the targets it can be taught by, and what it learns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from calibration.demonstrations.planning import FREE
from calibration.demonstrations.take import Take
from calibration.fitting.examples import Example
from calibration.fitting.learning import FAMILIES, Learned, learn
from calibration.targets.articulations import ARTICULATIONS, articulate
from calibration.targets.description import described
from calibration.targets.known_instruments import recipe_named
from calibration.targets.target import SUFFIX, Target, TargetError
from calibration.targets.target_store import find, names
from mapper.mapping import Mapping
from presets.factory.demonstrations import Composer
from presets.preset import Preset, PresetError
from presets.store import factory_names, load
from synth.space import Space

REACH_NOTES: Final = (-5.0, 0.0, 5.0)
"""Where targets lie around the middle of what the instrument plays."""
N_FREE: Final = 6
"""Free targets to choose from; every seed is another."""
WISHED: Final = ("free", "swell", "brighten", "accent", "scoop", "vibrato-trumpet", "vibrato-bow")
"""Kinds of target that teach an instrument without being asked for."""


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What a pupil made of takes: the preset as it plays now, and how that was come by."""

    preset: Preset
    learned: Learned
    n_takes: int

    @property
    def adopted(self) -> bool:
        """Whether the preset plays better now on takes that it was not taught by."""
        return self.learned.adopted

    @property
    def lag_s(self) -> float | None:
        """How late the player usually is."""
        lags_s = sorted(self.learned.lags_s)
        return lags_s[len(lags_s) // 2] if lags_s else None

    @property
    def error_before(self) -> float | None:
        """Error of the mapping before on takes held out, as a share of the targets' spread."""
        return self.learned.errors.get(FAMILIES[0])

    @property
    def error(self) -> float | None:
        """The same of the mapping now."""
        return self.learned.errors.get(self.learned.family)

    def in_words(self) -> str:
        """Say in a sentence or two what was learned."""
        said = [self._of_errors(), self._of_vibrato(), self._of_lag()]
        return " ".join(filter(None, said))

    def _of_errors(self) -> str:
        if self.error is None or self.error_before is None:
            return "One take is too few to judge by; it counts from the next on."
        if self.learned.family == FAMILIES[0]:
            best = min(self.learned.errors.values())
            return (
                f"From {self.n_takes} takes nothing better could be learned yet ({best:.2f} against "
                f"{self.error_before:.2f} on takes held out), so nothing changes."
            )
        return (
            f"Learned from {self.n_takes} takes: the error on takes held out fell from "
            f"{self.error_before:.2f} to {self.error:.2f}."
        )

    def _of_vibrato(self) -> str:
        return "Your vibrato now sounds as the target's does." if self.learned.vibrato else ""

    def _of_lag(self) -> str:
        if self.lag_s is None or self.error is None:
            return ""
        return f"You are usually {1000 * self.lag_s:.0f} ms behind, which is allowed for."


ORIGIN: Final = "demonstrated"
"""Where a taught preset comes from, as its card says."""


class Pupil:
    """A preset being taught.

    Parameters
    ----------
    preset
        A factory preset, or one that was made from one.
    wished
        Kinds of targets, or names of kept ones, that it is taught by.
    factory
        The factory preset that it comes from, where that was made for another space.

    Raises
    ------
    PresetError, TargetError
        When nothing is known of what it was made of, or there is no such target.
    """

    def __init__(
        self,
        preset: Preset,
        space: Space,
        wished: Sequence[str] = WISHED,
        factory: Preset | None = None,
    ) -> None:
        self.wished = tuple(map(_known, wished))
        self.preset = preset
        self.space = space
        self.factory = factory or load(factory_ancestor(preset))
        self._ground = ground_of(preset, self.factory)
        self.composer = Composer(space, recipe_named(space, self.factory.card.name))

    def target(self, kind: str, *, place: float = 0.0, seed: int = 0) -> Target:
        """Make a target so many semitones from the middle of the instrument."""
        low, high = self.composer.recipe.notes
        return articulate(self.composer, kind, note=round((low + high) / 2.0) + place, seed=seed)

    def targets(self) -> list[Target]:
        """Make every target that may be asked for: a few of each kind, and those kept by name."""
        return [target for name in self.wished for target in self._called(name)]

    def _called(self, name: str) -> list[Target]:
        if name not in ARTICULATIONS:
            return [described(self.composer, find(name))]
        count = N_FREE if name == FREE else len(REACH_NOTES)
        return [
            self.target(name, place=REACH_NOTES[turn % len(REACH_NOTES)], seed=turn)
            for turn in range(count)
        ]

    def teach(self, takes: Sequence[Take]) -> Taught:
        """Learn from all takes that count; the preset's ground stays where nothing is better."""
        examples = [example_of(take) for take in takes if take.weight > 0.0]
        strike_share = self.preset.card.manner.strike_share
        learned = learn(self._ground, examples, strike_share)
        preset = replace(self.preset, mapping=learned.mapping)
        return Taught(preset=preset, learned=learned, n_takes=len(examples))


def ground_of(preset: Preset, factory: Preset) -> Mapping:
    """Give the mapping that takes correct: a taught preset's is the factory's, since its takes count.

    Raises
    ------
    PresetError
        When what makes the preset itself would be lost by learning.
    """
    if preset.card.provenance.origin == ORIGIN:
        return factory.mapping
    if preset.other is not None or preset.mapping.residual is not None:
        raise PresetError(
            f"the preset {preset.card.name} was mixed or refined in places, which teaching would "
            f"undo; teach {factory.card.name} first, and refine it then"
        )
    return preset.mapping


def example_of(take: Take) -> Example:
    """Say of a take what can be learned from."""
    target = take.target
    return Example(
        touches=take.touches,
        descriptors=target.descriptors,
        trajectory=target.trajectory,
        held_s=min(target.held_s, take.held_s),
        weight=take.weight,
    )


def factory_ancestor(preset: Preset) -> str:
    """Name the factory preset that a preset is, or was made from.

    Raises
    ------
    PresetError
        When there is none.
    """
    card = preset.card
    for name in (card.name, *(one.name for one in reversed(card.provenance.ancestors))):
        if name in factory_names():
            return name
    raise PresetError(
        f"the preset {card.name} comes from no factory preset, so it cannot be taught; teach one of "
        f"{', '.join(factory_names())}"
    )


def _known(name: str) -> str:
    """Return the name of a target, or of a kind of targets, that there is."""
    if name in (*ARTICULATIONS, *names()) or name.endswith(SUFFIX):
        return name
    raise TargetError(
        f"there is no target {name!r}; choose one of {', '.join((*ARTICULATIONS, *names()))}"
    )
