"""The report: learning curves over all hands, and what is binding of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.study.evaluation import N_COMPONENTS
from calibration.study.piece import FACTORY, FLOOR, OURS, Measured

Results = Sequence[Mapping[str, Measured]]
"""For each hand, what each learner came to."""

FLOOR_RATIO: Final = 1.25
ANCHOR_RATIO: Final = 0.8
WORST_RATIO: Final = 1.3
ROUGHNESS: Final = (0.8, 1.3)
RANGE: Final = (0.9, 1.1)


class Mean(NamedTuple):
    """Mean over hands and its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Mean":
        """Take the mean."""
        array = np.array(list(values), np.float64)
        error = array.std(ddof=1) / np.sqrt(len(array)) if len(array) > 1 else 0.0
        return cls(float(array.mean()), float(error))


class Claim(NamedTuple):
    """Something the study must show, and whether it does."""

    name: str
    wanted: str
    found: str
    reached: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that a study found.

    Attributes
    ----------
    results
        For each hand, what each learner came to.
    names
        The hands, in that order.
    times_s
        Seconds recorded.
    """

    results: Results
    names: tuple[str, ...]
    times_s: tuple[float, ...]

    def learners(self) -> list[str]:
        """Name all that learns, ours first, then the anchors."""
        anchors = [name for name, measured in self.results[0].items() if _ways(measured)]
        return [OURS, *(name for name in anchors if name != OURS)]

    def anchors(self) -> list[str]:
        """Name all that learns but ours."""
        return self.learners()[1:]

    def over_hands(self, learner: str, read: Callable[[Measured], float]) -> list[float]:
        """Read one number of each hand."""
        return [read(hand[learner]) for hand in self.results]

    def errors(self, learner: str, time_s: float) -> list[float]:
        """Error on each hand after so many seconds, recorded in the way that suits better."""
        return self._in_way(learner, self.better_way(learner, time_s), time_s)

    def curve(self, learner: str) -> dict[float, Mean]:
        """Learning curve of a learner; before anything is recorded it is the factory preset's."""
        begin = {0.0: self.factory()} if learner != OURS else {}
        first = {0.0} if learner == OURS else set()
        times = sorted(first | set(self.times_s))
        return begin | {t: Mean.of(self.errors(learner, t)) for t in times}

    def floor(self) -> Mean:
        """Error of the oracle."""
        return Mean.of(self.over_hands(FLOOR, lambda m: m["score"]["nrmse"]))

    def factory(self) -> Mean:
        """Error of the factory preset as it is."""
        return Mean.of(self.over_hands(FACTORY, lambda m: m["score"]["nrmse"]))

    def best_anchor(self, time_s: float) -> tuple[str, float]:
        """Name the best anchor after so many seconds, and its mean error."""
        means = {name: float(np.mean(self.errors(name, time_s))) for name in self.anchors()}
        return min(means.items(), key=lambda item: item[1])

    def claims(self) -> list[Claim]:
        """Say what is binding."""
        last_s = self.times_s[-1]
        between = [t for t in self.times_s if 12.0 < t < last_s]
        return [
            self._against_floor(last_s),
            *(self._against_anchors(t) for t in between),
            self._worst(last_s),
            self._roughness(last_s),
            self._ranges(last_s),
        ]

    def _against_floor(self, time_s: float) -> Claim:
        ratio = float(np.mean(self.errors(OURS, time_s))) / self.floor().value
        return Claim(
            f"error at {time_s:g} s over the floor",
            f"at most {FLOOR_RATIO}",
            f"{ratio:.2f}",
            ratio <= FLOOR_RATIO,
        )

    def _against_anchors(self, time_s: float) -> Claim:
        name, best = self.best_anchor(time_s)
        ratio = float(np.mean(self.errors(OURS, time_s))) / best
        return Claim(
            f"error at {time_s:g} s over the best anchor's ({name})",
            f"at most {ANCHOR_RATIO}",
            f"{ratio:.2f}",
            ratio <= ANCHOR_RATIO,
        )

    def _worst(self, time_s: float) -> Claim:
        errors = self.errors(OURS, time_s)
        ratio = float(max(errors) / np.mean(errors))
        return Claim(
            f"worst hand at {time_s:g} s over the mean",
            f"at most {WORST_RATIO}",
            f"{ratio:.2f} ({self.names[int(np.argmax(errors))]})",
            ratio <= WORST_RATIO,
        )

    def _roughness(self, time_s: float) -> Claim:
        rough = float(np.mean(self.ours_at(time_s, lambda score: score["roughness"])))
        low, high = ROUGHNESS
        return Claim(
            f"roughness at {time_s:g} s", f"{low}-{high}", f"{rough:.2f}", low <= rough <= high
        )

    def _ranges(self, time_s: float) -> Claim:
        ranges = np.mean(self.ours_at(time_s, lambda score: score["ranges"]), axis=0)
        low, high = RANGE
        return Claim(
            f"output range at {time_s:g} s, components 1-{N_COMPONENTS}",
            f"{low}-{high}",
            " ".join(f"{ratio:.2f}" for ratio in ranges),
            bool(((ranges >= low) & (ranges <= high)).all()),
        )

    def described(self) -> dict[str, Any]:
        """Return everything as plain numbers, ready for JSON."""
        return {
            "hands": list(self.names),
            "curves": {
                learner: {f"{t:g}": list(mean) for t, mean in self.curve(learner).items()}
                for learner in self.learners()
            },
            "floor": list(self.floor()),
            "claims": [claim._asdict() for claim in self.claims()],
            "results": [dict(hand) for hand in self.results],
        }

    def ours_at(self, time_s: float, read: Callable[[dict[str, Any]], Any]) -> list[Any]:
        """Read something of our score on each hand after so many seconds, in the better way."""
        way = self.better_way(OURS, time_s)
        return [read(hand[OURS]["curves"][way][str(time_s)]) for hand in self.results]

    def better_way(self, learner: str, time_s: float) -> str:
        """Say how a learner's seconds are spent best."""
        return min(
            _ways(self.results[0][learner]),
            key=lambda way: float(np.mean(self._in_way(learner, way, time_s))),
        )

    def _in_way(self, learner: str, way: str, time_s: float) -> list[float]:
        return self.over_hands(
            learner, lambda measured: float(measured["curves"][way][str(time_s)]["nrmse"])
        )


def _ways(measured: Measured) -> list[str]:
    return list(measured.get("curves", ()))
