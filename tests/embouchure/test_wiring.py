"""What two packages that never import each other must agree on."""

import mapper.features
import mapper.mapping
import synth.controls
import synth.patch


def test_mapper_and_synth_agree_on_a_touch_row():
    assert mapper.features.TOUCH_FIELDS == synth.patch.TOUCH_FIELDS


def test_mapper_and_synth_agree_on_a_voices_memory():
    assert mapper.features.MORPH_MEMORY_SIZE == synth.patch.MEMORY_SIZE


def test_mapper_and_synth_agree_on_a_trajectory():
    assert (mapper.mapping.CODE_SIZE, mapper.mapping.TRAJECTORY_SIZE) == (
        synth.controls.CODE_SIZE,
        synth.controls.TRAJECTORY_SIZE,
    )
