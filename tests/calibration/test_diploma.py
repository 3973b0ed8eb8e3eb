from functools import cache

import numpy as np
import pytest

from calibration.demonstrations.diploma import bundle_of, figures, takes_in
from presets.bundle import Bundle
from presets.preset import PresetError
from tests.calibration.test_pupil import pupil, takes, taught


@cache
def bundle() -> Bundle:
    return bundle_of(pupil(), taught(), takes(), "mine")


def test_it_has_the_name_and_says_where_it_comes_from() -> None:
    card = bundle().preset.card
    assert card.name == "mine"
    assert card.provenance.origin == "demonstrated"
    assert [one.name for one in card.provenance.ancestors] == ["breath"]
    assert card.provenance.ancestors[0].sha256 == pupil().preset.sha256


def test_it_says_how_good_the_fit_is() -> None:
    assert bundle().preset.card.metrics == figures(taught())
    assert {"error", "error_before", "lag_s", "takes"} == set(figures(taught()))


def test_the_takes_travel_with_it() -> None:
    again = takes_in(Bundle.open(bundle().to_bytes()))
    assert [take.to_bytes() for take in again] == [take.to_bytes() for take in takes()]


def test_it_plays_the_same_after_it_was_saved_and_opened() -> None:
    again = Bundle.open(bundle().to_bytes()).preset
    features = np.random.default_rng(0).uniform(-1.0, 1.0, (50, 24)).astype(np.float32)
    assert np.array_equal(
        again.mapping.predict(features), taught().preset.mapping.predict(features)
    )


def test_taught_once_more_it_learns_from_all_takes() -> None:
    from calibration.demonstrations.pupil import Pupil

    again = Pupil(bundle().preset, pupil().space)
    assert again.factory.card.name == "breath"
    assert again.teach(takes_in(bundle())).n_takes == len(takes())


def test_a_damaged_take_in_it_is_said() -> None:
    name = next(iter(bundle().sources))
    broken = Bundle(preset=bundle().preset, sources={name: bundle().sources[name]})
    object.__setattr__(broken, "sources", {name: b"nothing"})
    with pytest.raises(PresetError, match="a take in mine cannot be read"):
        takes_in(broken)
