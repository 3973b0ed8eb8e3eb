"""A target moved to another space must sound as it did."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.targets.articulations import articulate
from calibration.targets.audition import mono, sound_of
from calibration.targets.known_instruments import recipe_named
from calibration.targets.moving import moved
from calibration.targets.target import Target, TargetError
from presets.factory.demonstrations import Composer
from presets.spaces import factory_space
from synth.analysis.distance import mel_distance_db
from synth.controls import CODE_SIZE
from synth.space import Space


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def turned(space: Space) -> Space:
    """The same world of timbres, but every code turned about: another space to whoever has codes."""
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(CODE_SIZE, CODE_SIZE)))
    arrays = dict(space.encoder)
    arrays["encoder.out.weight"] = turn @ arrays["encoder.out.weight"]
    arrays["encoder.out.bias"] = turn @ arrays["encoder.out.bias"]
    arrays |= {f"decoder.weight.{i}": weight for i, weight in enumerate(space.weights)}
    arrays |= {f"decoder.bias.{i}": bias for i, bias in enumerate(space.biases)}
    first = space.weights[0].copy()
    first[:, :CODE_SIZE] = first[:, :CODE_SIZE] @ turn.T
    arrays |= {
        "decoder.weight.0": first,
        "decoder.low": space.low,
        "decoder.high": space.high,
        "codebook.codes": space.codes @ turn.T,
        "codebook.loudness_db": space.loudness_db,
    }
    as_read = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    card = space.card.model_copy(update={"axes": ()})  # they were said in the codes as they were
    return Space(card, as_read, sha256="ab" * 32)


@pytest.fixture(scope="module")
def swell(space: Space) -> Target:
    return articulate(Composer(space, recipe_named(space, "oboe")), "swell", note=72.0)


def apart_db(one: Target, other: Target, space: Space, other_space: Space) -> float:
    return mel_distance_db(mono(sound_of(one, space)), mono(sound_of(other, other_space)))[0]


def test_it_sounds_alike_in_the_other_space(space: Space, swell: Target):
    other = turned(space)
    again = moved(swell, space, other)
    assert again.space_sha256 == other.sha256
    assert apart_db(swell, again, space, other) < 0.3 * apart_db(swell, swell, space, other)


def test_loudness_pitch_and_description_stay(space: Space, swell: Target):
    again = moved(swell, space, turned(space))
    np.testing.assert_array_equal(again.descriptors, swell.descriptors)
    np.testing.assert_array_equal(again.trajectory[:, CODE_SIZE:], swell.trajectory[:, CODE_SIZE:])


def test_a_target_of_a_third_space_is_refused(space: Space, swell: Target):
    with pytest.raises(TargetError, match="give the one it was made in"):
        moved(replace(swell, space_sha256="cd" * 32), space, turned(space))


def test_a_space_without_encoder_is_refused(space: Space, swell: Target):
    other = turned(space)
    other.encoder.clear()
    with pytest.raises(TargetError, match="cannot encode"):
        moved(swell, space, other)
