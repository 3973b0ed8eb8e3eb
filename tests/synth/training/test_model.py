"""What the networks and their loss must do."""

import numpy as np
import pytest
import torch

from synth.controls import CODE_SIZE, N_CONTROLS, N_DECODER_INPUTS, NOISE, PARTIALS, TRANSIENT
from synth.encoder import N_INPUTS
from synth.training.batches import Batch
from synth.training.loss import control_losses, total_loss
from synth.training.model import Autoencoder, read_between


def batch_of(targets: torch.Tensor):
    n_crops, n_frames, _ = targets.shape
    return Batch(
        heard=torch.zeros(n_crops, 8, N_INPUTS),
        present=torch.ones(n_crops, 8),
        positions=torch.zeros(n_crops, n_frames),
        conditions=torch.zeros(n_crops, n_frames, 10),
        targets=targets,
        frame_weights=torch.ones(n_crops, n_frames),
        f0_hz=torch.full((n_crops, n_frames), 220.0),
        strikes=torch.zeros(n_crops, n_frames),
    )


@pytest.fixture
def targets():
    return -30 + 10 * torch.rand(2, 3, N_CONTROLS, generator=torch.Generator().manual_seed(0))


def test_codes_between_are_read_as_numpy_reads_them():
    codes = torch.randn(1, 7, CODE_SIZE, generator=torch.Generator().manual_seed(0))
    positions = torch.tensor([[0.0, 0.25, 3.5, 5.999, 6.0]])
    read = read_between(codes, positions)[0, :, 3].numpy()
    assert read == pytest.approx(np.interp(positions[0], np.arange(7), codes[0, :, 3]), abs=1e-6)


def test_a_code_does_not_hear_beyond_its_reach():
    encoder = Autoencoder().encoder.eval()
    inputs, present = torch.zeros(2, 80, N_INPUTS), torch.ones(2, 80)
    inputs[1, 60:] = 1.0
    calm, stirred = encoder(inputs, present)
    assert torch.equal(calm[:11], stirred[:11])
    assert not torch.equal(calm[11], stirred[11])


def test_the_decoder_gives_controls_for_decoder_inputs():
    assert Autoencoder().decoder(torch.zeros(5, 7, N_DECODER_INPUTS)).shape == (5, 7, N_CONTROLS)


def test_controls_that_are_right_cost_nothing(targets: torch.Tensor):
    assert all(float(loss) == 0 for loss in control_losses(targets, batch_of(targets)).values())


def test_an_error_of_six_db_is_told_as_about_six_db(targets: torch.Tensor):
    losses = control_losses(targets + 6, batch_of(targets))
    assert float(losses["partials_db"]) == pytest.approx(5, abs=0.01)
    assert float(losses["noise_db"]) == pytest.approx(5, abs=0.01)


def test_what_nobody_hears_is_free(targets: torch.Tensor):
    wanted = targets.clone()
    wanted[..., PARTIALS] = wanted[..., NOISE] = -100
    said = wanted.clone()
    said[..., PARTIALS] = -95
    assert float(control_losses(said, batch_of(wanted))["partials_db"]) == 0


def test_too_loud_where_silence_was_wanted_costs(targets: torch.Tensor):
    wanted = targets.clone()
    wanted[..., 50] = -100
    said = wanted.clone()
    said[..., 50] = -20
    assert float(control_losses(said, batch_of(wanted))["partials_db"]) > 0.1


def test_the_transient_counts_only_at_a_strike(targets: torch.Tensor):
    said = targets.clone()
    said[..., TRANSIENT] += 20
    batch = batch_of(targets)
    assert float(control_losses(said, batch)["strike_db"]) == 0
    batch.strikes[:, 0] = 1
    assert float(control_losses(said, batch)["strike_db"]) > 10


def test_large_and_restless_codes_cost(targets: torch.Tensor):
    losses = control_losses(targets, batch_of(targets))
    calm = torch.zeros(2, 10, CODE_SIZE)
    restless = torch.ones(2, 10, CODE_SIZE) * torch.tensor([1.0, -1.0]).repeat(5)[:, None]
    assert total_loss(losses, calm) == 0
    assert total_loss(losses, restless) > 0
    assert total_loss(losses, calm + 3) > 0
