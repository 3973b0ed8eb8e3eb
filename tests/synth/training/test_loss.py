"""What the losses must count, and what not."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from synth.controls import CODE_SIZE, N_CONTROLS, NOISE, ORDERS, PARTIALS, TRANSIENT, noise_edges_hz
from synth.training.loss import Frames, code_loss, control_losses
from synth.training.together import World

ALONE = World()


def frames_of(targets: torch.Tensor):
    size = targets.shape[:2]
    return Frames(
        weights=torch.ones(size),
        f0_hz=torch.full(size, 220.0),
        headroom_db=torch.zeros(size),
        strikes=torch.zeros(size),
        top_hz=torch.full(size, torch.inf),
    )


def losses_of(said: torch.Tensor, wanted: torch.Tensor):
    return control_losses(said, wanted, frames_of(wanted), ALONE)


@pytest.fixture
def targets():
    return -30 + 10 * torch.rand(2, 3, N_CONTROLS, generator=torch.Generator().manual_seed(0))


def test_controls_that_are_right_cost_nothing(targets: torch.Tensor):
    assert all(float(loss) == 0 for loss in losses_of(targets, targets).values())


def test_an_error_of_six_db_is_told_as_about_six_db(targets: torch.Tensor):
    losses = losses_of(targets + 6, targets)
    assert float(losses["partials_db"]) == pytest.approx(5, abs=0.01)
    assert float(losses["noise_db"]) == pytest.approx(5, abs=0.01)


def test_the_same_sound_at_another_level_costs_no_bands(targets: torch.Tensor):
    said = targets.clone()
    said[..., : NOISE.stop] += 6
    assert float(losses_of(said, targets)["bands_db"]) == pytest.approx(0, abs=1e-3)


def test_what_nobody_hears_is_free(targets: torch.Tensor):
    wanted = targets.clone()
    wanted[..., PARTIALS] = wanted[..., NOISE] = -100
    said = wanted.clone()
    said[..., PARTIALS] = -95
    assert float(losses_of(said, wanted)["partials_db"]) == 0


def test_too_loud_where_silence_was_wanted_costs(targets: torch.Tensor):
    wanted = targets.clone()
    wanted[..., 50] = -100
    said = wanted.clone()
    said[..., 50] = -20
    assert float(losses_of(said, wanted)["partials_db"]) > 0.1


def test_the_transient_counts_only_at_a_strike(targets: torch.Tensor):
    said = targets.clone()
    said[..., TRANSIENT] += 20
    frames = frames_of(targets)
    assert float(control_losses(said, targets, frames, ALONE)["strike_db"]) == 0
    struck = frames.strikes.clone()
    struck[:, 0] = 1
    there = replace(frames, strikes=struck)
    assert float(control_losses(said, targets, there, ALONE)["strike_db"]) > 10


def test_what_the_recording_does_not_tell_costs_nothing(targets: torch.Tensor):
    said = targets.clone()
    high = noise_edges_hz()[1:] > 8000
    said[..., NOISE.start + np.flatnonzero(high)] += 20
    said[..., PARTIALS.start + np.flatnonzero(ORDERS * 220 > 8000)] += 20
    told = replace(frames_of(targets), top_hz=torch.full(targets.shape[:2], 8000.0))
    losses = control_losses(said, targets, told, ALONE)
    assert float(losses["noise_db"]) == 0
    assert float(losses["partials_db"]) == 0
    assert float(losses["bands_db"]) < 0.5 * float(losses_of(said, targets)["bands_db"])


def test_large_and_restless_codes_cost():
    calm = torch.zeros(2, 10, CODE_SIZE)
    restless = torch.ones(2, 10, CODE_SIZE) * torch.tensor([1.0, -1.0]).repeat(5)[:, None]
    assert float(code_loss(calm, ALONE)) == 0
    assert float(code_loss(restless, ALONE)) > 0
    assert float(code_loss(calm + 3, ALONE)) > 0
