"""Networks: a linear path plus one layer of tanh units, as arrays and as compiled steps."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mapper.tracking import compiled

Array = NDArray[np.float32]

FLAT: Final = np.float32(6.2)
"""From here on the tangent is 1 to five digits."""
A0, A1, A2, A3 = np.float32(34459425), np.float32(4729725), np.float32(135135), np.float32(990)
B1, B2, B3, B4 = np.float32(16216200), np.float32(945945), np.float32(13860), np.float32(45)


@dataclass(frozen=True, kw_only=True)
class Network:
    """Outputs are linear' x + offset + out' tanh(hidden x + bias).

    Attributes
    ----------
    linear
        Shape (n_inputs, n_outputs).
    offset
        Shape (n_outputs,).
    hidden
        Shape (n_hidden, n_inputs); n_hidden may be 0.
    bias
        Shape (n_hidden,).
    out
        Shape (n_hidden, n_outputs).
    """

    linear: Array
    offset: Array
    hidden: Array
    bias: Array
    out: Array

    @classmethod
    def of(cls, arrays: dict[str, Array]) -> Self:
        """Take a network's arrays out of others."""
        return cls(**{name: arrays[name] for name in shapes(0, 0, 0)})

    def predict(self, inputs: Array) -> Array:
        """Answer rows of inputs, shape (n, n_inputs), by shape (n, n_outputs)."""
        units = np.tanh(inputs @ self.hidden.T + self.bias)
        answer: Array = inputs @ self.linear + self.offset + units @ self.out
        return answer

    def packed(self, n_inputs: int) -> Array:
        """Lay the arrays out as `answer` reads them, for at least as many inputs."""
        spare = n_inputs - len(self.linear)
        linear = np.pad(self.linear, ((0, spare), (0, 0)))
        hidden = np.pad(self.hidden, ((0, 0), (0, spare)))
        parts = (self.offset, linear, self.bias, hidden.T, self.out.T)
        return np.concatenate([part.ravel() for part in parts])


def shapes(n_inputs: int, n_hidden: int, n_outputs: int) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a network."""
    return {
        "offset": (n_outputs,),
        "linear": (n_inputs, n_outputs),
        "bias": (n_hidden,),
        "hidden": (n_hidden, n_inputs),
        "out": (n_hidden, n_outputs),
    }


@compiled
def network_size(n_inputs: int, n_hidden: int, n_outputs: int) -> int:
    """Count the numbers of a packed network."""
    return (1 + n_inputs) * n_outputs + n_hidden * (1 + n_inputs + n_outputs)


@compiled
def combine(blob: Array, at: int, inputs: Array, n_inputs: int, sums: Array, n_sums: int) -> None:
    """Set sums to what the blob holds from `at` on, plus rows of factors, one for each input."""
    row = blob[at:]
    for j in range(n_sums):
        sums[j] = row[j]
    for i in range(n_inputs):
        row = blob[at + (1 + i) * n_sums :]
        for j in range(n_sums):
            sums[j] += inputs[i] * row[j]


@compiled
def spread_out(blob: Array, at: int, units: Array, n_units: int, outputs: Array, n: int) -> None:
    """Add to each output the units by its row of factors."""
    for j in range(n):
        row = blob[at + j * n_units :]
        total = np.float32(0.0)
        for h in range(n_units):
            total += units[h] * row[h]
        outputs[j] += total


@compiled
def squash(units: Array, n_units: int) -> None:
    """Take the hyperbolic tangent to 7e-6, by Lambert's continued fraction, many at a time."""
    for h in range(n_units):
        x = max(-FLAT, min(FLAT, units[h]))
        square = x * x
        above = x * (A0 + square * (A1 + square * (A2 + square * (A3 + square))))
        below = A0 + square * (B1 + square * (B2 + square * (B3 + square * B4)))
        units[h] = above / below


@compiled
def answer(  # noqa: PLR0913 - n_inputs and n_outputs are constants where it is compiled
    blob: Array,
    at: int,
    n_hidden: int,
    inputs: Array,
    n_inputs: int,
    outputs: Array,
    n_outputs: int,
    units: Array,
) -> None:
    """Run the network packed from `at` on; `units` has room for the hidden layer."""
    combine(blob, at, inputs, n_inputs, outputs, n_outputs)
    hidden = at + (1 + n_inputs) * n_outputs
    combine(blob, hidden, inputs, n_inputs, units, n_hidden)
    squash(units, n_hidden)
    spread_out(blob, hidden + (1 + n_inputs) * n_hidden, units, n_hidden, outputs, n_outputs)
