"""Networks as Wekinator and FluCoMa train them, with those programs' own settings."""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]

WEKINATOR_RATE: Final = 0.3
WEKINATOR_MOMENTUM: Final = 0.2
WEKINATOR_EPOCHS: Final = 500
WEKINATOR_START: Final = 0.5
FLUCOMA_RATE: Final = 0.01
FLUCOMA_MOMENTUM: Final = 0.9
FLUCOMA_BATCH: Final = 50
FLUCOMA_EPOCHS: Final = 1000
FLUCOMA_VALIDATION: Final = 0.2
FLUCOMA_PATIENCE: Final = 10


@njit(cache=True, fastmath=True)
def _descend(
    inputs: Array, wanted: Array, hidden: Array, out: Array, order: NDArray[np.int64]
) -> None:
    """Train one network of sigmoid units with a linear output, example by example, in place.

    The last column of `hidden` and the last entry of `out` are biases.
    """
    n_units, n_inputs = hidden.shape[0], hidden.shape[1] - 1
    units = np.zeros(n_units)
    last_hidden, last_out = np.zeros_like(hidden), np.zeros_like(out)
    for example in order:
        guess = out[n_units]
        for h in range(n_units):
            total = hidden[h, n_inputs]
            for i in range(n_inputs):
                total += hidden[h, i] * inputs[example, i]
            units[h] = 1.0 / (1.0 + np.exp(-total))
            guess += out[h] * units[h]
        error = wanted[example] - guess
        for h in range(n_units):
            blame = error * out[h] * units[h] * (1.0 - units[h])
            last_out[h] = WEKINATOR_RATE * error * units[h] + WEKINATOR_MOMENTUM * last_out[h]
            out[h] += last_out[h]
            for i in range(n_inputs):
                step = WEKINATOR_RATE * blame * inputs[example, i]
                last_hidden[h, i] = step + WEKINATOR_MOMENTUM * last_hidden[h, i]
                hidden[h, i] += last_hidden[h, i]
            step = WEKINATOR_RATE * blame + WEKINATOR_MOMENTUM * last_hidden[h, n_inputs]
            last_hidden[h, n_inputs] = step
            hidden[h, n_inputs] += step
        last_out[n_units] = WEKINATOR_RATE * error + WEKINATOR_MOMENTUM * last_out[n_units]
        out[n_units] += last_out[n_units]


class WekinatorNetworks:
    """One network per output, as wide as the inputs, inputs and outputs within -1 to 1.

    Examples are shuffled once and then walked in that order.
    """

    def __init__(self, seed: int = 1, epochs: int = WEKINATOR_EPOCHS) -> None:
        self._seed = seed
        self._epochs = epochs
        self._layers: list[tuple[Array, Array]] = []

    def fit(self, inputs: Array, outputs: Array) -> "WekinatorNetworks":
        """Train on frames of shapes (n, n_inputs) and (n, n_outputs)."""
        rng = np.random.default_rng(self._seed)
        n, width = inputs.shape
        order = np.tile(rng.permutation(n), self._epochs)
        self._layers = []
        for wanted in np.ascontiguousarray(outputs.T):
            hidden = rng.uniform(-WEKINATOR_START, WEKINATOR_START, (width, width + 1))
            out = rng.uniform(-WEKINATOR_START, WEKINATOR_START, width + 1)
            _descend(np.ascontiguousarray(inputs), wanted, hidden, out, order)
            self._layers.append((hidden, out))
        return self

    def predict(self, inputs: Array) -> Array:
        """Answer frames, shape (n, n_outputs)."""
        columns = []
        for hidden, out in self._layers:
            units = 1.0 / (1.0 + np.exp(-(inputs @ hidden[:, :-1].T + hidden[:, -1])))
            columns.append(units @ out[:-1] + out[-1])
        return np.column_stack(columns)
