"""Fitting: from demonstrations to a mapping, by ridge regression and small networks on the rest."""

import warnings
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor

from mapper.features import FEATURES, N_FEATURES
from mapper.mapping import CODE_SIZE, HIGHEST, LOWEST, N_INPUTS, TRAJECTORY_SIZE, Mapping
from mapper.network import Network
from mapper.reading import N_DESCRIPTORS, Reading
from presets.factory.demonstrations import Composer, Demonstrations

Array = NDArray[np.float64]

N_HIDDEN: Final = 64
N_READ: Final = 40
ITERATIONS: Final = 300
MOST_ROWS: Final = 30_000
"""Rows that a network is taught on; more cost time and teach it nothing."""
RIDGE: Final = 1.0
UNITS: Final = np.array([1.0] * CODE_SIZE + [1.5, 5.0])
"""An error of one weighs the same: one deviation of the code, 1.5 dB, 5 cents."""
DESCRIPTOR_UNITS: Final = np.array([1.5, 0.05, 5.0])
"""Likewise 1.5 dB, a twentieth of the path, 5 cents."""
RANGE_QUANTILES: Final = (0.001, 0.999)
CONTEXT: Final = (
    "strike", "pitch_note", "age_10ms", "age_40ms", "age_160ms", "age_640ms", "age_s",
    "age_pitched_s", "burst_40ms", "burst_160ms", "burst_640ms",
)  # fmt: skip
"""What the instrument knows of a touch besides loudness and brightness: nothing a hand shapes."""
INSTRUMENT_INPUTS: Final = np.array(
    [FEATURES.index(name) for name in CONTEXT] + [N_FEATURES, N_FEATURES + 1]
)
STRAY: Final = np.array([40.0, 1.25, 0.0])
"""How far descriptors stray from the demonstrated ones where the instrument is taught alone."""


class Scaled(NamedTuple):
    """Demonstrated features, clamped and standardised, and the arrays that say how."""

    inputs: Array
    arrays: dict[str, Array]


def scaled(features: Array) -> Scaled:
    """Standardise features within the range that was demonstrated."""
    low, high = np.quantile(features, RANGE_QUANTILES, axis=0)
    clamped = np.clip(features, low, high)
    centre, spread = clamped.mean(axis=0), np.maximum(clamped.std(axis=0), 1e-3)
    arrays = {"feature_low": low, "feature_high": high, "centre": centre, "spread": spread}
    return Scaled((clamped - centre) / spread, arrays)


def fit(demonstrations: Demonstrations, seed: int) -> Mapping:
    """Fit a mapping straight from features to trajectories; equal seeds give equal mappings."""
    inputs, arrays = scaled(demonstrations.features)
    instrument = fit_network(inputs, demonstrations.targets, UNITS, N_HIDDEN, seed)
    return _mapping(arrays, demonstrations, instrument)


def fit_parts(composer: Composer, demonstrations: Demonstrations, seed: int) -> Mapping:
    """Fit a mapping in two parts, so that another hand's reading may follow.

    The reading learns what the hand means, the instrument how that sounds; the instrument is
    taught on descriptors that no demonstration has, too.
    """
    inputs, arrays = scaled(demonstrations.features)
    reading = fit_reading(inputs, demonstrations.descriptors, seed)
    instrument = fit_instrument(composer, demonstrations, inputs, reading, seed)
    return _mapping(arrays, demonstrations, instrument, reading)


def _mapping(
    arrays: dict[str, Array],
    demonstrations: Demonstrations,
    instrument: Network,
    reading: Reading | None = None,
) -> Mapping:
    whole = arrays | output_range(demonstrations.targets)
    typed: dict[str, Any] = {n: np.asarray(array, np.float32) for n, array in whole.items()}
    return Mapping(**typed, instrument=instrument, reading=reading)


def fit_reading(inputs: Array, descriptors: Array, seed: int) -> Reading:
    """Learn descriptors from standardised features."""
    network = fit_network(inputs, descriptors, DESCRIPTOR_UNITS, N_READ, seed)
    low, high = descriptors.min(axis=0), descriptors.max(axis=0)
    spread = np.maximum(descriptors.std(axis=0), DESCRIPTOR_UNITS)
    scales = {"low": low, "high": high, "centre": descriptors.mean(axis=0), "spread": spread}
    arrays = {name: np.asarray(array, np.float32) for name, array in scales.items()}
    return Reading(network=network, **arrays)


def fit_instrument(
    composer: Composer, demonstrations: Demonstrations, inputs: Array, reading: Reading, seed: int
) -> Network:
    """Learn codes from context and descriptors; loudness and pitch are the descriptors' own."""
    rng = np.random.default_rng(seed)
    features, descriptors, targets = demonstrations
    strayed = descriptors + STRAY * rng.uniform(-1.0, 1.0, descriptors.shape)
    strayed = np.clip(strayed, [-100.0, -0.25, -1200.0], [0.0, 1.25, 1200.0])
    elsewhere = composer.sounding(features, strayed)
    both = np.vstack([descriptors, strayed])
    meant = (both - reading.centre) / reading.spread
    rows = np.hstack([np.vstack([inputs, inputs]), meant])[:, INSTRUMENT_INPUTS]
    codes = np.vstack([targets, elsewhere])[:, :CODE_SIZE]
    part = fit_network(rows, codes, np.ones(CODE_SIZE), N_HIDDEN, seed)
    return _whole(part, reading)


def _whole(part: Network, reading: Reading) -> Network:
    """Let a network of codes read all inputs and pass loudness and pitch on."""
    n_hidden = len(part.bias)
    linear = np.zeros((N_INPUTS, TRAJECTORY_SIZE), np.float32)
    linear[INSTRUMENT_INPUTS, :CODE_SIZE] = part.linear
    offset = np.zeros(TRAJECTORY_SIZE, np.float32)
    offset[:CODE_SIZE] = part.offset
    for descriptor, output in ((0, CODE_SIZE), (N_DESCRIPTORS - 1, CODE_SIZE + 1)):
        linear[N_FEATURES + descriptor, output] = reading.spread[descriptor]
        offset[output] = reading.centre[descriptor]
    hidden = np.zeros((n_hidden, N_INPUTS), np.float32)
    hidden[:, INSTRUMENT_INPUTS] = part.hidden
    out = np.pad(part.out, ((0, 0), (0, TRAJECTORY_SIZE - CODE_SIZE)))
    return Network(linear=linear, offset=offset, hidden=hidden, bias=part.bias, out=out)


def fit_network(inputs: Array, outputs: Array, units: Array, n_hidden: int, seed: int) -> Network:
    """Fit a linear path by ridge regression, and tanh units to what it leaves."""
    kept = np.random.default_rng(seed).permutation(len(inputs))[:MOST_ROWS]
    inputs, wanted = inputs[kept], outputs[kept] / units
    ridge = Ridge(alpha=RIDGE).fit(inputs, wanted)
    network = MLPRegressor(
        hidden_layer_sizes=(n_hidden,), activation="tanh", solver="lbfgs", alpha=1e-2, max_iter=ITERATIONS,
        max_fun=2 * ITERATIONS, tol=1e-7, random_state=seed,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the iterations are the budget
        network.fit(inputs, wanted - ridge.predict(inputs))
    arrays = {
        "linear": ridge.coef_.T * units,
        "offset": (ridge.intercept_ + network.intercepts_[1]) * units,
        "hidden": network.coefs_[0].T,
        "bias": network.intercepts_[0],
        "out": network.coefs_[1] * units,
    }
    return Network(**{name: np.asarray(array, np.float32) for name, array in arrays.items()})


def output_range(targets: Array) -> dict[str, Array]:
    """Bounds of the trajectory: what was demonstrated, and for the code a tenth of it beyond.

    A pitch offset that no demonstration uses is therefore exactly zero for ever.
    """
    lowest, highest = targets.min(axis=0), targets.max(axis=0)
    margin = np.where(np.arange(TRAJECTORY_SIZE) < CODE_SIZE, 0.1, 0.0) * (highest - lowest)
    return {
        "low": np.maximum(lowest - margin, LOWEST),
        "high": np.minimum(highest + margin, HIGHEST),
    }
