"""A/B trials: how soon simulated listeners get back what a mis-set of the gains took from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.audibility import Audibility
from calibration.refinements.ears import band_levels_db, distance_db
from calibration.refinements.gains import GAINS, HIGH_PLACES, LOW_PLACES, N_GAINS, Gains
from calibration.refinements.judgement import Answer, Judged
from calibration.refinements.phrase import Phrase
from calibration.refinements.preference import Preference
from calibration.simulation.events import touch_events
from calibration.simulation.grip import FAMILIES
from calibration.simulation.intention import intend
from calibration.simulation.mind import NO_DIFFERENCE, Mind
from calibration.simulation.player import Player
from mapper.features import AT
from mapper.touch import TouchEvent
from presets.preset import Preset
from presets.spaces import factory_space
from presets.store import load
from synth.analysis.distance import mel_distance_db
from synth.space import Space

Array = NDArray[np.float64]

PRESETS: Final = ("breath", "bow", "mallet", "pluck", "morph", "voice")
MIS_SET: Final = ("dynamics", "curve", "brightness", "contrast")
MIS_SET_PLACES: Final = (3.0, 6.0)
"""How many just noticeable steps each of them is off, one way or the other."""
AUDIBLE: Final = 4.0
"""A mis-set is meant to be heard: some cancel out, and those are drawn again."""
WISH_SPREAD: Final = 2.5
"""Wishes lie so far from the factory's setting, in places: it must not give them away."""
KINDS: Final = ("swell", "bright", "vibrato")
NOTES: Final = (52, 76)
PAUSE_S: Final = 0.3
FRAME_STRIDE: Final = 4
NOTICED_DB: Final = 1.0
"""A change of loudness that is just noticed."""
N_ANSWERS: Final = 15
SEED: Final = 2_000_003
"""Of the listeners; none with this seed was used while the method was made."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Someone with a wish who compares sounds of one phrase, by how far each is from it.

    `mind` lapses, and notices no difference that is small against the distance; nor is any noticed
    that is smaller than a just noticeable change of loudness.
    """

    space: Space
    preset: Preset
    phrase: Phrase
    wish: Array
    mind: Mind
    rng: np.random.Generator

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """What the mapping sees of the phrase."""
        return self.phrase.features(self.preset.card.manner.strike_share)

    @cached_property
    def _wished_db(self) -> Array:
        return self._hear(self.wish)

    @cached_property
    def noticed_db(self) -> float:
        """The least difference of distance that is noticed."""
        return distance_db(self._wished_db, self._wished_db + NOTICED_DB)

    def distance_db(self, places: Array) -> float:
        """Tell how far the phrase sounds from the wish at a place of the gains."""
        return distance_db(self._wished_db, self._hear(places))

    def choose(self, first: Array, second: Array) -> Answer:
        """Say which is nearer to the wish."""
        one, other = self.distance_db(first), self.distance_db(second)
        if abs(one - other) < self.noticed_db:
            one = other
        chosen = self.mind.choose(one, other, self.rng)
        return Answer.SAME if chosen == NO_DIFFERENCE else Answer(-chosen)

    def rendered_db(self, places: Array) -> float:
        """Measure the same distance on rendered sound."""
        wished, got = (self._render(at) for at in (self.wish, places))
        return mel_distance_db(wished, got)[0]

    def _hear(self, places: Array) -> Array:
        features = self.features[::FRAME_STRIDE]
        mapping = Gains.at(places).apply(self.preset.mapping)
        note = features[:, AT.pitch_note].astype(np.float64)
        return band_levels_db(self.space, mapping.predict(features), note)

    def _render(self, places: Array) -> Array:
        mapping = Gains.at(places).apply(self.preset.mapping)
        preset = replace(self.preset, mapping=mapping)
        return np.asarray(self.phrase.sound(preset, self.space).mean(axis=1))


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How one listener fared.

    Attributes
    ----------
    preset
        What they listened to.
    noticed_db
        The least difference that they notice.
    distances_db
        From the wish, before the first answer and after each, shape (n_answers + 1,).
    rendered_db
        From the wish on rendered sound, at first and at last.
    """

    preset: str
    noticed_db: float
    distances_db: Array
    rendered_db: tuple[float, float]

    @property
    def regained(self) -> Array:
        """Share of the utility lost by the mis-set that is back, shape (n_answers + 1,)."""
        return np.asarray(1.0 - self.distances_db / self.distances_db[0])

    @property
    def rendered_regained(self) -> float:
        """The same after the last answer, measured on rendered sound."""
        return 1.0 - self.rendered_db[1] / self.rendered_db[0]


def phrase_of(rng: np.random.Generator, player: Player) -> Phrase:
    """Let a simulated player play a swell, an opening and a vibrato."""
    events: list[TouchEvent] = []
    start_s = 0.0
    for touch, kind in enumerate(KINDS):
        note = float(rng.integers(*NOTES))
        rows = player.perform(intend(rng, kind, note)).touches
        events += touch_events(rows, touch, start_s)
        start_s = events[-1].time_s + PAUSE_S
    return Phrase.of(events)


def listener(space: Space, number: int, seed: int = SEED) -> tuple[Listener, Array]:
    """Draw a listener and an audible mis-set of four gains, shape (N_GAINS,)."""
    rng = np.random.default_rng((seed, number))
    preset = load(PRESETS[number % len(PRESETS)])
    player = Player(seed + number, FAMILIES[number % len(FAMILIES)])
    while True:
        wish = np.clip(WISH_SPREAD * rng.normal(size=N_GAINS), LOW_PLACES, HIGH_PLACES)
        drawn = Listener(
            space=space, preset=preset, phrase=phrase_of(rng, player), wish=wish,
            mind=Mind.draw(rng), rng=rng,
        )  # fmt: skip
        off = rng.uniform(*MIS_SET_PLACES, N_GAINS) * rng.choice([-1.0, 1.0], N_GAINS)
        off *= [gain.name in MIS_SET for gain in GAINS]
        mis_set = np.clip(wish + off, LOW_PLACES, HIGH_PLACES)
        if drawn.distance_db(mis_set) > AUDIBLE * drawn.noticed_db:
            return drawn, mis_set


def trial(space: Space, number: int, seed: int = SEED, n_answers: int = N_ANSWERS) -> Trial:
    """Let one listener answer, question after question."""
    heard, mis_set = listener(space, number, seed)
    audibility = Audibility.of(space, heard.preset.mapping, heard.features, number)
    preference = Preference(audibility.heard, mis_set, LOW_PLACES, HIGH_PLACES, number)
    distances_db = [heard.distance_db(mis_set)]
    for _ in range(n_answers):
        first, second = preference.next_pair()
        preference.tell(Judged(first, second, heard.choose(first, second)))
        distances_db.append(heard.distance_db(preference.best()))
    ends = (heard.rendered_db(mis_set), heard.rendered_db(preference.best()))
    return Trial(
        preset=heard.preset.card.name,
        noticed_db=heard.noticed_db,
        distances_db=np.array(distances_db),
        rendered_db=ends,
    )


def trials(n_listeners: int, seed: int = SEED) -> Iterator[Trial]:
    """Try listeners one after another."""
    space = factory_space()
    for number in range(n_listeners):
        yield trial(space, number, seed)


def refinement_table(done: list[Trial]) -> list[dict[str, Any]]:
    """Sum trials up, a row for each round: means over the listeners with their standard errors."""
    regained = np.stack([one.regained for one in done])
    apart = np.stack([one.distances_db / one.noticed_db for one in done])
    root = np.sqrt(len(done))
    rows: list[dict[str, Any]] = [
        {
            "answers": answers,
            "regained": float(regained[:, answers].mean()),
            "regained_se": float(regained[:, answers].std(ddof=1) / root),
            "distance_noticed": float(apart[:, answers].mean()),
            "distance_noticed_se": float(apart[:, answers].std(ddof=1) / root),
        }
        for answers in range(regained.shape[1])
    ]
    rendered = np.array([one.rendered_regained for one in done])
    rows[-1] |= {
        "rendered_regained": float(rendered.mean()),
        "rendered_regained_se": float(rendered.std(ddof=1) / root),
    }
    return rows
