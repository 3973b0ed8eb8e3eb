"""What a mapping costs, measured: every figure is there, and the fullest one does swing."""

import numpy as np

from embouchure.mapping_cost import fully_taught, measure
from mapper.mapping import PITCH_OFFSET
from mapper.playing import play
from mapper.residual import MAX_BUMPS
from presets.store import load
from tests.mapper.test_vibrato import touch, wave


def test_what_is_measured_takes_time_and_the_slowest_hundredth_the_most():
    cost = measure(load("bow").mapping)
    assert 0.1 < cost.p50_us <= cost.p99_us
    assert cost.p50_us < cost.taught_p50_us <= cost.taught_p99_us


def test_the_fullest_mapping_has_every_part_and_its_vibrato_sounds():
    mapping = load("bow").mapping
    full = fully_taught(mapping)
    assert full.reading is not None
    assert full.residual is not None
    assert len(full.residual.centre) == MAX_BUMPS
    rows = touch(wave(extent=0.25, hz=5.0))
    plain, swung = (play(one, rows)[-300:, PITCH_OFFSET] for one in (mapping, full))
    assert np.ptp(swung - plain) > 5.0
