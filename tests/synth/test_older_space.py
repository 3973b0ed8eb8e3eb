"""Spaces of the first format play and hear as they did."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from synth.controls import CODE_SIZE, HALF_ORDERS, N_DECODER_INPUTS, SILENCE_DB, decoder_inputs
from synth.decoder import decode
from synth.older_space import N_OLDER_CONTROLS, OLDER_FORMAT, UNHEARD_DB
from synth.space import FORMAT, Space, SpaceError, save_space
from tests.synth.toy import CARD, RATE_HZ, make_engine, strike

N_OLDER_INPUTS = 171
RNG = np.random.default_rng(3)
CODES = RNG.normal(size=(5, CODE_SIZE)).astype(np.float32)
LOUDNESS_DB, NOTE = np.linspace(-40, -10, 5), np.linspace(30, 90, 5)


def older_arrays() -> dict[str, np.ndarray]:
    """A random decoder of 237 controls and the first layer of an encoder of 171 inputs."""
    arrays = {
        "decoder.weight.0": RNG.normal(size=(16, N_DECODER_INPUTS)),
        "decoder.bias.0": RNG.normal(size=16),
        "decoder.weight.1": 0.1 * RNG.normal(size=(N_OLDER_CONTROLS, 16)),
        "decoder.bias.1": 0.1 * RNG.normal(size=N_OLDER_CONTROLS),
        "decoder.low": np.full(N_OLDER_CONTROLS, -0.5),
        "decoder.high": np.full(N_OLDER_CONTROLS, 0.5),
        "codebook.codes": np.zeros((1, 2, CODE_SIZE)),
        "codebook.loudness_db": np.full((1, 2), -20.0),
        "encoder.frame.weight": RNG.normal(size=(8, N_OLDER_INPUTS)),
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def older_file(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    path = folder / "older.safetensors"
    save_space(path, CARD.model_copy(update={"format": OLDER_FORMAT}), arrays)
    return path


def by_hand(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The older decoder's own controls, from the file's arrays."""
    scale = (CARD.loudness_mean_db, CARD.loudness_deviation_db)
    inputs = decoder_inputs(CODES, LOUDNESS_DB, NOTE, scale)
    x = inputs @ arrays["decoder.weight.0"].T + arrays["decoder.bias.0"]
    x = np.where(x > 0, x, 0.1 * x)
    return np.clip(x @ arrays["decoder.weight.1"].T + arrays["decoder.bias.1"], -0.5, 0.5)


def test_an_older_space_says_the_controls_that_it_said(tmp_path: Path):
    path = older_file(tmp_path, older_arrays())
    said = decode(Space.load(path), CODES, LOUDNESS_DB, NOTE)
    kept = {name: array.astype(np.float32) for name, array in load_file(path).items()}
    assert np.delete(said, HALF_ORDERS, axis=1) == pytest.approx(by_hand(kept), abs=1e-5)


def test_an_older_space_never_sounds_a_half_order(tmp_path: Path):
    space = Space.load(older_file(tmp_path, older_arrays()))
    assert (decode(space, CODES, LOUDNESS_DB, NOTE)[:, HALF_ORDERS] == UNHEARD_DB).all()
    assert UNHEARD_DB < SILENCE_DB


def test_an_older_spaces_half_orders_cost_the_engine_nothing(tmp_path: Path):
    engine = make_engine(Space.load(older_file(tmp_path, older_arrays())))
    engine.push(strike(note=40.0, press=1.0))
    engine.render(int(0.1 * RATE_HZ))
    voice = engine.parts()["voices"][0]
    assert not voice["amplitude"][HALF_ORDERS].max() > 1e-6


def test_an_older_encoder_does_not_hear_half_orders(tmp_path: Path):
    arrays = older_arrays()
    weight = Space.load(older_file(tmp_path, arrays)).encoder["encoder.frame.weight"]
    assert weight[:, :N_OLDER_INPUTS] == pytest.approx(arrays["encoder.frame.weight"], abs=2e-3)
    assert not weight[:, N_OLDER_INPUTS:].any()


def test_an_opened_older_space_is_written_in_the_present_format(tmp_path: Path):
    assert Space.load(older_file(tmp_path, older_arrays())).card.format == FORMAT


@pytest.mark.parametrize("shape", [(), (3,), (5, 5)])
def test_an_older_space_with_arrays_that_do_not_fit_is_refused(tmp_path: Path, shape: tuple):
    arrays = older_arrays() | {"decoder.bias.1": np.zeros(shape, np.float32)}
    with pytest.raises(SpaceError, match="do not fit each other"):
        Space.load(older_file(tmp_path, arrays))
