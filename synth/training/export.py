"""Export: a trained autoencoder as the named arrays of a space."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import N_CONTROLS, TRANSIENT
from synth.training.codebook import encode_frames
from synth.training.features import Features
from synth.training.model import Autoencoder

Array = NDArray[np.float32]

LOW_PERCENTILE: Final = 0.5
HIGH_PERCENTILE: Final = 99.5
FRAMES_APART: Final = 40


def export_networks(
    model: Autoencoder, features: Sequence[Features], scale: tuple[float, float]
) -> dict[str, Array]:
    """Name the arrays of both networks, with codes whitened to unit variance over the corpus.

    The whitening is folded into the encoder's last layer and the decoder's first, the decoder's
    output units into its last.
    """
    state = {key: value.detach().numpy() for key, value in model.state_dict().items()}
    arrays = {key: value for key, value in state.items() if key.startswith("encoder.")}
    codes = np.vstack([encode_frames(f.unpack(), arrays, scale)[::4] for f in features])
    mean, deviation = codes.mean(0), codes.std(0) + 1e-6
    arrays["encoder.out.weight"] = arrays["encoder.out.weight"] / deviation[:, None]
    arrays["encoder.out.bias"] = (arrays["encoder.out.bias"] - mean) / deviation
    return arrays | _decoder(state, mean, deviation)


def _decoder(state: dict[str, Array], mean: Array, deviation: Array) -> dict[str, Array]:
    n_layers = sum(key.endswith(".weight") and "decoder.layers" in key for key in state)
    weights = [state[f"decoder.layers.{i}.weight"].copy() for i in range(n_layers)]
    biases = [state[f"decoder.layers.{i}.bias"].copy() for i in range(n_layers)]
    biases[0] += weights[0][:, : len(mean)] @ mean
    weights[0][:, : len(mean)] *= deviation
    biases[-1] = biases[-1] * state["decoder.spread"] + state["decoder.mean"]
    weights[-1] = weights[-1] * state["decoder.spread"][:, None]
    named = {f"decoder.weight.{i}": weight for i, weight in enumerate(weights)}
    return named | {f"decoder.bias.{i}": bias for i, bias in enumerate(biases)}


def bounds(features: Sequence[Features]) -> dict[str, Array]:
    """Measure the range of each control over the corpus, without its rarest values."""
    rows = np.vstack([f.rows(np.arange(0, len(f.note), FRAMES_APART)) for f in features])
    strikes = np.vstack([f.rows(np.zeros(1, np.int64)) for f in features])
    low, high = np.empty(N_CONTROLS, np.float32), np.empty(N_CONTROLS, np.float32)
    for columns, values in ((slice(0, TRANSIENT.start), rows), (TRANSIENT, strikes)):
        limits = np.percentile(values[:, columns], (LOW_PERCENTILE, HIGH_PERCENTILE), axis=0)
        low[columns], high[columns] = limits
    return {"decoder.low": low, "decoder.high": high}
