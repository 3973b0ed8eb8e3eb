"""Preference: what A/B answers tell of the gains a player wishes for, and which pair to ask next.

A player is thought to have one wish, a place among the gains, and to like a setting the less the
further from it it sounds. How far that is the instrument can tell by itself, sense by sense; what
it must learn is the wish, and how much each sense matters. The posterior over both is held by a
swarm of walkers (differential evolution, ter Braak 2006). A pair is chosen for what its answer
tells (BALD, Houlsby et al. 2011) and for the expected utility of the better of the two (EUBO, Lin et
al. 2022).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.judgement import Hearing, Judged, chances, log_likelihood, utilities

Array = NDArray[np.float64]


WISH_SPREAD: Final = 5.0
"""How far from where it starts a wish is expected, in places."""
SENSE_SPREAD: Final = 0.8
"""Spread of the logarithm of how much a sense matters."""
N_WALKERS: Final = 160
N_SWEEPS: Final = 60
JUMP_EVERY: Final = 10
"""Each so many sweeps walkers try whole differences, from one hill of the posterior to another."""
JITTER: Final = 0.02
N_GUESSES: Final = 24
BEYOND: Final = 1.5
HOPE_WEIGHT: Final = 0.1
"""What a just noticeable difference of hope is worth, in nats of information."""
N_STEPS_TO_BEST: Final = 8
ANCHORING: Final = 0.002
"""Keeps a gain that nobody hears where it is."""
ENOUGH: Final = 1.0
"""What is nearer to the wish than this, in just noticeable differences, may as well be it."""


class Preference:
    """What is known of one player's wish.

    Parameters
    ----------
    hearing
        Tells how the gains sound.
    start
        Place of the present gains, shape (n_gains,).
    low, high
        Ends of the gains, as places, shape (n_gains,).
    """

    def __init__(self, hearing: Hearing, start: Array, low: Array, high: Array, seed: int) -> None:
        self._hearing = hearing
        self._start, self._low, self._high = start, low, high
        self._n_senses = len(hearing(start[None]))
        self._seed = seed
        self.judged: list[Judged] = []
        self._walkers = self._begin(np.random.default_rng((seed, 0)))

    def tell(self, judged: Judged) -> None:
        """Learn from an answer."""
        self.judged.append(judged)
        self._walk(np.random.default_rng((self._seed, len(self.judged))))

    def best(self) -> Array:
        """Return the place of the highest expected utility, shape (n_gains,)."""
        wishes = self._wishes()
        best, reach = wishes.mean(axis=0), wishes.std(axis=0)
        rng = np.random.default_rng((self._seed, len(self.judged), 2))
        tried = np.vstack([best, self._start, wishes])
        for _ in range(N_STEPS_TO_BEST):
            best = tried[np.argmax(self._worth(tried))]
            steps = reach * rng.normal(size=(N_GUESSES, len(best)))
            tried = np.vstack([best, np.clip(best + steps, self._low, self._high)])
            reach = reach / 1.5
        return np.asarray(best)

    def _worth(self, places: Array) -> Array:
        """Return the expected utility of places; of two that sound the same the one nearer to the start."""
        away = ((places - self._start) ** 2).sum(axis=1)
        return np.asarray(self._utilities(places).mean(axis=0) - ANCHORING * away)

    def next_pair(self) -> tuple[Array, Array]:
        """Choose the pair to ask next; either may have been heard before, or be the present one."""
        places = self._candidates()
        values = self._utilities(places)
        first, second, same = chances(values)
        told = sum(
            _entropy(one.mean(axis=0)) - _entropy(one).mean(axis=0) for one in (first, second, same)
        )
        worth = told + HOPE_WEIGHT * _hopes(values, first, second)
        one, other = np.unravel_index(np.argmax(worth), worth.shape)
        return places[one], places[other]

    def left_to_gain(self) -> float:
        """Tell how far from the wish the best place may still sound, in noticeable differences."""
        return float(-self._utilities(self.best()[None]).mean())

    def is_settled(self) -> bool:
        """Tell whether nothing audible is left to gain."""
        return self.left_to_gain() < ENOUGH

    def spread(self) -> Array:
        """Return how unsure the wish is, gain by gain, in places, shape (n_gains,)."""
        return np.asarray(self._wishes().std(axis=0))

    def _begin(self, rng: np.random.Generator) -> Array:
        """Draw walkers from the prior: a wish, then the logarithm of each sense's weight."""
        n_gains = len(self._start)
        walkers = rng.normal(0.0, 1.0, (N_WALKERS, n_gains + self._n_senses))
        wishes = self._start + WISH_SPREAD * walkers[:, :n_gains]
        walkers[:, :n_gains] = np.clip(wishes, self._low, self._high)
        walkers[:, n_gains:] *= SENSE_SPREAD
        return np.asarray(walkers)

    def _wishes(self) -> Array:
        return self._walkers[:, : len(self._start)]

    def _utilities(self, places: Array) -> Array:
        """Return what each place is worth to each walker, shape (n_walkers, n_places)."""
        return utilities(self._walkers, places, self._hearing)

    def _candidates(self) -> Array:
        """Return places worth hearing: the best, some wishes, beyond them, and what was heard before.

        Two places on opposite sides of a wish tell more of it than two beside it.
        """
        rng = np.random.default_rng((self._seed, len(self.judged), 1))
        best = self.best()
        guesses = self._wishes()[rng.choice(N_WALKERS, N_GUESSES, replace=False)]
        heard = [place for one in self.judged for place in (one.first, one.second)]
        beyond = best + BEYOND * (guesses - best)
        every = np.vstack([best[None], guesses, beyond, self._start[None], *heard])
        return np.unique(np.clip(every, self._low, self._high), axis=0)

    def _walk(self, rng: np.random.Generator) -> None:
        """Let the walkers find the posterior of all answers, half of them by the others' places."""
        half = N_WALKERS // 2
        for sweep in range(N_SWEEPS):
            for mine, others in (
                (slice(half), slice(half, None)),
                (slice(half, None), slice(half)),
            ):
                scale = (
                    1.0 if sweep % JUMP_EVERY == 0 else 2.38 / np.sqrt(2 * self._walkers.shape[1])
                )
                self._step(rng, mine, self._walkers[others], scale)

    def _step(self, rng: np.random.Generator, mine: slice, others: Array, scale: float) -> None:
        here = self._walkers[mine]
        difference = rng.permutation(others) - rng.permutation(others)
        moved = here + scale * difference + JITTER * rng.normal(size=here.shape)
        ratio = self._log_posterior(moved) - self._log_posterior(here)
        taken = np.log(rng.random(len(here))) < ratio
        self._walkers[mine] = np.where(taken[:, None], moved, here)

    def _log_posterior(self, walkers: Array) -> Array:
        n_gains = len(self._start)
        wish, weight = walkers[:, :n_gains], walkers[:, n_gains:]
        inside = ((wish >= self._low) & (wish <= self._high)).all(axis=1)
        away = (wish - self._start) / WISH_SPREAD
        prior = -0.5 * ((away**2).sum(axis=1) + ((weight / SENSE_SPREAD) ** 2).sum(axis=1))
        return np.where(
            inside, prior + log_likelihood(walkers, self.judged, self._hearing), -np.inf
        )


def _entropy(chance: Array) -> Array:
    return -chance * np.log(chance)


def _hopes(values: Array, first: Array, second: Array) -> Array:
    """Return the expected utility of what is chosen of each pair, shape (n_places, n_places)."""
    middle = 0.5 * (values[:, :, None] + values[:, None, :])
    ahead = 0.5 * (values[:, :, None] - values[:, None, :])
    return np.asarray((middle + ahead * (first - second)).mean(axis=0))
