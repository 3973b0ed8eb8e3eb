"""Lateness: how late a simulated player really was, known only to the study."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.case import STREAMS, Case
from calibration.simulation.intention import Intention
from calibration.simulation.player import Player
from calibration.simulation.shelf import FOLDER

Array = NDArray[np.float64]

NEAR_S: Final = 0.020


class Witness(Player):
    """A player who remembers how late each take was."""

    def __init__(self, seed: int, family: str, stream: int, worn: float) -> None:
        super().__init__(seed, family, stream, worn)
        self.lags_s: list[float] = []

    def _play(self, task: Intention, delay_s: Array | float) -> Array:
        self.lags_s.append(float(np.mean(delay_s)))
        return super()._play(task, delay_s)


class WitnessedCase(Case):
    """The same case, its player watched."""

    witness: Witness

    def player(self, purpose: str, worn: float = 0.0) -> Player:
        """Seat the player, and remember who it was."""
        self.witness = Witness(self.seed, self.family, STREAMS[purpose], worn)
        return self.witness


def true_lags_s(case: Case) -> list[float]:
    """Tell how late each of a case's takes was, on average over the take."""
    watched = WitnessedCase(
        case.space,
        (case.seed, case.number),
        special_share=case.special_share,
        hidden=case.hidden,
        shelf=FOLDER,
    )
    assert len(watched.takes) == len(watched.witness.lags_s)
    return watched.witness.lags_s
