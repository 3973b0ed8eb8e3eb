"""Spaces of the first format, which knew no half orders: opened as if they had said silence there."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import HALF_ORDERS, N_CONTROLS, N_HALF_ORDERS

Array = NDArray[np.float32]

OLDER_FORMAT: Final = "embouchure-space-1"
N_OLDER_CONTROLS: Final = N_CONTROLS - N_HALF_ORDERS
UNHEARD_DB: Final = -200.0
"""So far below a frame's loudness that the engine skips the partial."""


def with_half_orders(arrays: dict[str, Array]) -> dict[str, Array]:
    """Pad an older space's arrays: its decoder leaves half orders silent, its encoder is deaf to them."""
    last = sum(name.startswith("decoder.weight.") for name in arrays) - 1
    fills = {f"decoder.weight.{last}": 0.0, f"decoder.bias.{last}": UNHEARD_DB}
    fills |= {"decoder.low": UNHEARD_DB, "decoder.high": UNHEARD_DB}
    padded = dict(arrays)
    for name, fill in fills.items():
        if name in arrays and arrays[name].shape[:1] == (N_OLDER_CONTROLS,):
            at = np.full(N_HALF_ORDERS, HALF_ORDERS.start)
            padded[name] = np.insert(arrays[name], at, fill, axis=0)
    heard = padded.get("encoder.frame.weight")
    if heard is not None and heard.ndim == 2:
        padded["encoder.frame.weight"] = np.pad(heard, ((0, 0), (0, N_HALF_ORDERS)))
    return padded
