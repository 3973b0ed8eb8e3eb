"""A mapping as arrays: what it accepts and what it refuses."""

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from mapper.features import N_FEATURES
from mapper.mapping import (
    HIGHEST,
    LOWEST,
    MAX_HIDDEN,
    NO_SLEW,
    TRAJECTORY_SIZE,
    Mapping,
    MappingError,
    shapes,
)

Array = NDArray[np.float32]


def arrays(n_hidden: int = 8, seed: int = 0) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    made = {name: rng.normal(0.0, 0.3, shape) for name, shape in shapes(n_hidden).items()}
    made |= {
        "feature_low": np.full(N_FEATURES, -2.0),
        "feature_high": np.full(N_FEATURES, 60.0),
        "spread": rng.uniform(0.5, 2.0, N_FEATURES),
        "low": LOWEST,
        "high": HIGHEST,
        "slew": NO_SLEW,
    }
    return {name: np.asarray(array, np.float32) for name, array in made.items()}


def test_arrays_survive_the_round_trip():
    given = arrays()
    returned = Mapping.from_arrays(given).arrays()
    assert all(np.array_equal(given[name], returned[name]) for name in given)


def vibrato_arrays() -> dict[str, Array]:
    habit = np.array([1.0, 0.0, 4.3, 0.2, 0.04, 0.0], np.float32)
    return {"vibrato.habit": habit, "vibrato.swings": np.ones((3, TRAJECTORY_SIZE), np.float32)}


def test_a_vibrato_survives_the_round_trip():
    given = arrays() | vibrato_arrays()
    returned = Mapping.from_arrays(given).arrays()
    assert given.keys() == returned.keys()
    assert all(np.array_equal(given[name], returned[name]) for name in given)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vibrato.habit": np.zeros(2, np.float32)}, "vibrato's arrays are not the expected"),
        ({"vibrato.habit": np.full(6, np.nan, np.float32)}, "vibrato's axis must be one of"),
        ({"vibrato.swings": np.ones((3, 5), np.float32)}, "must swing 18 numbers"),
        ({"vibrato.swings": np.full((3, 18), 1e9, np.float32)}, "too large to play"),
        ({"vibrato.speed": np.ones(1, np.float32)}, "vibrato's arrays are not the expected"),
    ],
)
def test_an_impossible_vibrato_is_refused(change: dict[str, Array], message: str):
    with pytest.raises(MappingError, match=message):
        Mapping.from_arrays(arrays() | vibrato_arrays() | change)


def test_a_mapping_without_hidden_units_is_a_clamped_plane():
    mapping = Mapping.from_arrays(arrays(0))
    x = np.zeros((1, N_FEATURES), np.float32)
    plane = mapping.standardise(x) @ mapping.instrument.linear + mapping.instrument.offset
    np.testing.assert_allclose(mapping.predict(x), np.clip(plane, LOWEST, HIGHEST))


def test_features_beyond_their_range_count_as_its_edge():
    mapping = Mapping.from_arrays(arrays())
    edge, beyond = np.full((1, N_FEATURES), 60.0), np.full((1, N_FEATURES), 1e6)
    np.testing.assert_array_equal(
        mapping.predict(beyond.astype(np.float32)), mapping.predict(edge.astype(np.float32))
    )


def test_the_trajectory_stays_in_its_range_whatever_the_weights():
    mapping = Mapping.from_arrays(
        arrays() | {"out": np.full((8, TRAJECTORY_SIZE), 1e4, np.float32)}
    )
    x = np.random.default_rng(1).normal(0, 10, (100, N_FEATURES)).astype(np.float32)
    predicted = mapping.predict(x)
    assert (predicted >= LOWEST).all()
    assert (predicted <= HIGHEST).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"linear": np.zeros((3, 3), np.float32)}, "linear has shape"),
        ({"offset": np.zeros(TRAJECTORY_SIZE, np.float64)}, "float64"),
        ({"offset": np.full(TRAJECTORY_SIZE, np.nan, np.float32)}, "not finite"),
        ({"spread": np.zeros(N_FEATURES, np.float32)}, "spread is not positive"),
        ({"high": HIGHEST + np.float32(1)}, "beyond what can be played"),
        ({"low": HIGHEST, "high": LOWEST}, "output range"),
        ({"bias": np.float32(1.0)}, "one dimension"),
    ],
)
def test_an_impossible_array_is_refused_by_name(change: dict[str, ArrayLike], message: str):
    with pytest.raises(MappingError, match=message):
        Mapping.from_arrays(arrays() | {name: np.asarray(a) for name, a in change.items()})


def test_more_hidden_units_than_the_kernel_budgets_are_refused():
    with pytest.raises(MappingError, match=f"at most {MAX_HIDDEN}"):
        Mapping.from_arrays(arrays(MAX_HIDDEN + 1))


def test_a_missing_array_is_named():
    with pytest.raises(MappingError, match="see bias"):
        Mapping.from_arrays({name: a for name, a in arrays().items() if name != "bias"})
