"""Refinement: a preset in work is brought nearer to a wish step by step, each step a version."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Self

import numpy as np

from calibration.refinements.correction import MORE
from calibration.refinements.gains import Gains
from calibration.refinements.making import (
    Corrected,
    Making,
    Wandering,
    made,
    pack_touches,
    touches_of,
)
from calibration.refinements.phrase import Phrase
from calibration.refinements.refusal import RefinementError
from calibration.refinements.versions import Version, Versions, hash_of
from presets import store
from presets.card import Ancestor, Provenance
from presets.preset import Preset

WOBBLE: Final = "wobble"
WORDS: Final = (*MORE, WOBBLE)
"""What there can be more or less of."""
STARS: Final = {1: 0.0, 2: 0.5, 3: 1.0, 4: 2.0, 5: 4.0}
"""What a take counts, by its rating."""
LONGEST_WORDS: Final = 200


class Refinement:
    """A preset in work.

    Attributes
    ----------
    preset
        As it is heard now.
    """

    def __init__(self, versions: Versions, begin: Preset) -> None:
        self._versions = versions
        self._fresh: dict[str, bytes] = {}
        now = versions.now()
        if now is None:
            content = begin.to_bytes()
            making = Making(ground=hash_of(content))
            done = f"Began from {begin.card.name}"
            now = versions.add(begin, done, making.model_dump(), {"ground": content})
        self._take_up(now)
        if not self._knows(begin):
            self.stand_on(begin, f"Went on from {begin.card.name} as it has become meanwhile")

    def _knows(self, begin: Preset) -> bool:
        """Whether a preset was a ground of this work before, or came of it."""
        every, content = self._versions.every(), hash_of(begin.to_bytes())
        return any(version.state["ground"] == content for version in every) or any(
            self._is_of(version, begin) for version in every
        )

    def _is_of(self, version: Version, preset: Preset) -> bool:
        """Whether a version sounds as a preset does; a damaged one does not."""
        with suppress(RefinementError):
            return _sounds_alike(preset, self._versions.preset(version))
        return False

    @classmethod
    def of(cls, name: str) -> Self:
        """Go on with the work on a preset, or begin it.

        Raises
        ------
        PresetError, RefinementError
            When there is no such preset, or its versions cannot be read.
        """
        preset = store.load(name)
        return cls(Versions.of(preset.card.name), preset)

    def _take_up(self, version: Version) -> None:
        self.version = version
        self.preset = self._versions.preset(version)
        self._making = Making.model_validate(version.state)

    @property
    def gains(self) -> Gains:
        """The gains in force."""
        return Gains.from_dict(self._making.gains)

    @property
    def ground(self) -> Preset:
        """The preset without gains, corrections and wandering."""
        return Preset.from_bytes(self._versions.thing(self._making.ground))

    @property
    def untuned(self) -> Preset:
        """The preset as it is but for the gains."""
        return replace(self.preset, mapping=made(self._making, self._thing, Gains()))

    def history(self) -> list[Version]:
        """List every version, oldest first."""
        return self._versions.every()

    def turn(self, gains: Gains, done: str | None = None) -> Version:
        """Set all gains."""
        words = ", ".join(f"{name} {value:.3g}" for name, value in gains.to_dict().items())
        return self._step(done or f"Set the gains: {words}", gains=gains.to_dict())

    def with_gains(self, gains: Gains) -> Preset:
        """Return the preset as it would sound with other gains; nothing is kept."""
        return replace(self.preset, mapping=made(self._making, self._thing, gains))

    def more(self, word: str, steps: float, phrase: Phrase, from_s: float, to_s: float) -> Version:
        """Let there be more of something in a stretch of what was played, or less.

        A wobble is heard wherever the finger swings: more of it is turned by the gains.

        Raises
        ------
        RefinementError
            When the word means nothing, the stretch is empty, or the preset cannot be changed in places.
        """
        amount = "More" if steps > 0 else "Less"
        if word == WOBBLE:
            gains = self.gains.turned("colour", steps).turned("vibrato", steps)
            return self.turn(gains, f"{amount} wobble")
        if word not in MORE:
            raise RefinementError(f"{word!r} means nothing here; say {', '.join(WORDS)}")
        content = pack_touches(*touches_of(phrase))
        asked = Corrected(
            word=word, steps=steps, touches=hash_of(content), from_s=from_s, to_s=to_s
        )
        return self._step(
            f"{amount} {word} from {from_s:.1f} to {to_s:.1f} s",
            {"touches": content},
            corrections=(*self._making.corrections, asked),
        )

    def wander(self, amount: float, seed: int, phrase: Phrase) -> Version:
        """Let the preset surprise, from 0 not at all to 1; an earlier surprise is replaced.

        Raises
        ------
        RefinementError
            When the amount is not from 0 to 1, or the preset cannot be changed in places.
        """
        if amount == 0.0:
            return self._step("No more wandering", wandering=None)
        content = pack_touches(*touches_of(phrase))
        wandering = Wandering(amount=amount, seed=seed, touches=hash_of(content))
        return self._step(
            f"Wander by {amount:g}, draw {seed}", {"touches": content}, wandering=wandering
        )

    def stand_on(self, preset: Preset, done: str) -> Version:
        """Take a newly learned preset as the ground of everything done since."""
        content = preset.to_bytes()
        return self._step(done, {"ground": content}, ground=hash_of(content))

    def rate(self, key: str, stars: int) -> Version:
        """Say how good a take is, from 1, which makes it count no more, to 5.

        Raises
        ------
        RefinementError
            When there are not so many stars.
        """
        if stars not in STARS:
            raise RefinementError(f"{stars} is no rating; choose from 1, poor, to 5, exactly so")
        return self._step(f"Rate {key} {stars}", ratings={**self._making.ratings, key: stars})

    def weight(self, key: str) -> float:
        """How much a take counts by its rating; 1 without one."""
        return STARS[self._making.ratings.get(key, 3)]

    def undo(self) -> Version:
        """Go back a step."""
        return self._go(self._versions.undo())

    def redo(self) -> Version:
        """Go forward again."""
        return self._go(self._versions.redo())

    def go_to(self, number: int) -> Version:
        """Go to any version."""
        return self._go(self._versions.go_to(number))

    def named(self, name: str) -> Preset:
        """Return the preset as it is now under a name of its own, for the library."""
        card = self.preset.card
        ancestor = Ancestor(name=card.name, sha256=self.ground.sha256)
        provenance = Provenance(
            origin="refined",
            made_at=f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z}",
            hand=card.provenance.hand,
            ancestors=(ancestor, *card.provenance.ancestors)[:16],
        )
        fresh = {"name": name, "provenance": provenance}
        return replace(self.preset, card=card.model_copy(update=fresh))

    def _go(self, version: Version) -> Version:
        self._take_up(version)
        return version

    def _step(
        self,
        done: str,
        things: dict[str, bytes] | None = None,
        **changes: Any,  # noqa: ANN401
    ) -> Version:
        """Take a step: the preset is made from its ground anew, so that equal states sound equal."""
        making = self._making.model_copy(update=changes)
        self._fresh = {hash_of(content): content for content in (things or {}).values()}
        preset = replace(self.preset, mapping=made(making, self._thing))
        version = self._versions.add(
            preset, done[:LONGEST_WORDS], making.model_dump(mode="json"), things
        )
        self._take_up(version)
        return version

    def _thing(self, sha256: str) -> bytes:
        """Give what a step holds, of one that is about to be taken too."""
        return self._fresh[sha256] if sha256 in self._fresh else self._versions.thing(sha256)


def _sounds_alike(one: Preset, other: Preset) -> bool:
    """Whether two presets have the same mapping, to the last bit."""
    first, second = one.mapping.arrays(), other.mapping.arrays()
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name]) for name in first
    )
