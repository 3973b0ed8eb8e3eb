"""Denormal numbers: none arises while sound is made, and silence costs what it did at first."""

import numpy as np
import pytest
from numba import carray, cfunc, njit, types

from synth.engine.intrinsics import MACHINE, flush_denormals, restore_mode
from synth.patch import Patch, RoomSettings
from tests.synth.device import Device
from tests.synth.toy import lift, make_engine, random_space, strike, toy_patch

TINY = np.float32(1e-38)

pytestmark = pytest.mark.skipif(
    MACHINE not in ("x86_64", "amd64", "aarch64", "arm64"), reason="this machine's mode is unknown"
)


@cfunc(types.void(*[types.voidptr] * 4))
def tiny_map(touch_at, memory_at, _blob_at, trajectory_at):  # noqa: ANN001
    """A mapping that remembers a hundredth of 1e-38, which is denormal, and counts its calls."""
    touch, memory = carray(touch_at, (9,), np.float32), carray(memory_at, (32,), np.float32)
    carray(trajectory_at, (18,), np.float32)[:] = 0.0
    memory[0] = touch[0] * TINY
    memory[1] += 1.0


@njit
def product(a: np.float32, b: np.float32) -> np.float32:
    mode = flush_denormals()
    result = a * b
    restore_mode(mode)
    return result


def test_a_denormal_result_is_0():
    assert product(np.float32(0.01), TINY) == 0.0


def test_a_denormal_operand_counts_as_0():
    assert product(np.float32(1e-40), np.float32(1e30)) == 0.0


def test_the_callers_own_arithmetic_keeps_them():
    product(np.float32(0.01), TINY)
    assert np.float32(0.01) * TINY > 0.0


def test_a_mapping_cannot_make_them_while_the_engine_sounds():
    engine = make_engine(patch=Patch(map_address=tiny_map.address, blob=np.zeros(1, np.float32)))
    engine.push(strike()._replace(strike=0.01))
    Device(engine, 64).ask()
    assert engine._voices[0]["memory"][:2].tolist() == [0.0, 1.0]


def test_ten_seconds_after_the_last_lift_room_and_voices_rest():
    cathedral = toy_patch(room=RoomSettings(mix=0.5, decay_s=1.0, damping_hz=20_000))
    engine = make_engine(random_space(3), cathedral)
    for touch in range(16):
        engine.push(strike(touch, note=40.0 + 2 * touch))
        engine.push(lift(touch, 24_000 + 500 * touch))
    engine.render(32_000)
    ringing = engine._room.tobytes()
    engine.render(480_000)
    still = engine._room.tobytes(), engine._voices.tobytes()
    engine.render(6400)
    assert (engine._room.tobytes(), engine._voices.tobytes()) == still
    assert ringing != still[0]
