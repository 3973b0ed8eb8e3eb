"""What the networks must do."""

import numpy as np
import pytest
import torch

from synth.controls import CODE_SIZE, N_CONTROLS, N_DECODER_INPUTS
from synth.encoder import N_INPUTS, N_SLOW
from synth.training.model import REACH, Autoencoder, read_between

N_CODES, STIRRED = 40, 28


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return Autoencoder()


def test_codes_between_are_read_as_numpy_reads_them():
    codes = torch.randn(1, 7, CODE_SIZE, generator=torch.Generator().manual_seed(0))
    positions = torch.tensor([[0.0, 0.25, 3.5, 5.999, 6.0]])
    read = read_between(codes, positions)[0, :, 3].numpy()
    assert read == pytest.approx(np.interp(positions[0], np.arange(7), codes[0, :, 3]), abs=1e-6)


def test_a_code_does_not_hear_beyond_its_reach(model: Autoencoder):
    inputs, present = torch.zeros(2, 4 * N_CODES, N_INPUTS), torch.ones(2, 4 * N_CODES)
    inputs[1, 4 * STIRRED :] = 1.0
    calm, stirred = model.encoder(inputs, present)
    assert torch.equal(calm[: STIRRED - REACH], stirred[: STIRRED - REACH])
    assert not torch.equal(calm[STIRRED - REACH], stirred[STIRRED - REACH])


def test_slow_numbers_move_less_than_quick_ones(model: Autoencoder):
    inputs = torch.randn(1, 4 * N_CODES, N_INPUTS, generator=torch.Generator().manual_seed(1))
    codes = model.encoder(inputs, torch.ones(1, 4 * N_CODES))
    moves = (codes[0, 1:] - codes[0, :-1]).abs().mean(0)
    assert moves[:N_SLOW].max() < 0.3 * moves[N_SLOW:].min()


def test_slow_numbers_stand_still_through_an_attack(model: Autoencoder):
    inputs, present = torch.zeros(1, 4 * N_CODES, N_INPUTS), torch.zeros(1, 4 * N_CODES)
    inputs[0, 82:] = 1.0
    present[0, 82:] = 1
    slow = model.encoder(inputs, present)[0, 20:24, :N_SLOW]
    quick = model.encoder(inputs, present)[0, 20:24, N_SLOW:]
    assert (slow - slow[0]).abs().max() < (quick - quick[0]).abs().max()


def test_both_decoders_give_controls_for_decoder_inputs(model: Autoencoder):
    for decoder in (model.teacher, model.student):
        assert decoder(torch.zeros(5, 7, N_DECODER_INPUTS)).shape == (5, 7, N_CONTROLS)


def test_the_student_is_small_enough_for_the_engine(model: Autoencoder):
    widths = [layer.out_features for layer in model.student.layers]
    assert len(widths) == 4
    assert max(widths[:-1]) <= 192
