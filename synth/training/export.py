"""Export: trained networks as the named arrays of a space."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import nn

from synth.controls import CODE_SIZE
from synth.encoder import N_SLOW
from synth.training.codebook import encode_frames
from synth.training.features import Features
from synth.training.model import Autoencoder, Decoder

Array = NDArray[np.floating]

LEAST_VARIANCE: Final = 1e-4
"""Directions in which codes hardly differ are not blown up further."""


class Whitening:
    """A turn and scale of raw codes after which their numbers are uncorrelated, of variance 1.

    Slow and quick numbers are turned among themselves, so that slow ones stay slow; each new
    number's largest share of an old one is positive.
    """

    def __init__(self, codes: Array) -> None:
        self.mean = codes.mean(0)
        self.forth = np.zeros((CODE_SIZE, CODE_SIZE))
        for block in (slice(0, N_SLOW), slice(N_SLOW, CODE_SIZE)):
            variance, axes = np.linalg.eigh(np.cov(codes[:, block].T.astype(np.float64)))
            axes = axes[:, ::-1] * np.sign(axes[np.abs(axes).argmax(0), np.arange(len(axes))])[::-1]
            deviation = np.sqrt(np.maximum(variance[::-1], LEAST_VARIANCE))
            self.forth[block, block] = (axes / deviation).T
        self.back = np.linalg.inv(self.forth)


def export_networks(
    model: Autoencoder, features: Iterable[Features], scale: tuple[float, float]
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Name the arrays of the encoder and a decoder, whitened over the corpus.

    The whitening is folded into the encoder's last layer and the decoders' first, a decoder's
    output units into its last.

    Returns
    -------
    tuple
        With the student as the decoder, which is played, and with the teacher.
    """
    encoder = {f"encoder.{key}": value for key, value in _state(model.encoder).items()}
    codes = np.vstack([encode_frames(one.unpack(), encoder, scale)[::4] for one in features])
    whitening = Whitening(codes)
    out = encoder["encoder.out.weight"], encoder["encoder.out.bias"] - whitening.mean
    encoder["encoder.out.weight"] = whitening.forth @ out[0]
    encoder["encoder.out.bias"] = whitening.forth @ out[1]
    bounds = {"decoder.low": model.low.numpy(), "decoder.high": model.high.numpy()}
    student, teacher = (_decoder(one, whitening) for one in (model.student, model.teacher))
    return encoder | student | bounds, encoder | teacher | bounds


def _state(module: nn.Module) -> dict[str, Array]:
    return {key: value.detach().numpy() for key, value in module.state_dict().items()}


def _decoder(decoder: Decoder, whitening: Whitening) -> dict[str, Array]:
    state = _state(decoder)
    n_layers = len(decoder.layers)
    weights = [state[f"layers.{i}.weight"].copy() for i in range(n_layers)]
    biases = [state[f"layers.{i}.bias"].copy() for i in range(n_layers)]
    biases[0] += weights[0][:, :CODE_SIZE] @ whitening.mean
    weights[0][:, :CODE_SIZE] = weights[0][:, :CODE_SIZE] @ whitening.back
    biases[-1] = biases[-1] * state["spread"] + state["mean"]
    weights[-1] = weights[-1] * state["spread"][:, None]
    named = {f"decoder.weight.{i}": weight for i, weight in enumerate(weights)}
    return named | {f"decoder.bias.{i}": bias for i, bias in enumerate(biases)}
