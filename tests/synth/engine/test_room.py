"""The room's reverberation."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from synth.engine import room
from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, PATCH, ROOM
from tests.synth.toy import RATE_HZ

SILENCE = np.zeros((N_CHANNELS, BLOCK_FRAMES), np.float32)
CLAP = SILENCE.copy()
CLAP[:, 0] = 1.0


def walls(
    mix: float = 1.0, decay_s: float = 0.5, size: float = 1.0, damping_hz: float = 20e3
) -> np.void:
    patch = np.zeros(1, PATCH)[0]
    patch["room_mix"], patch["room_decay_s"] = mix, decay_s
    patch["room_size"], patch["room_damping_hz"] = size, damping_hz
    return patch


class Hall:
    """One room, built and silent."""

    def __init__(self, **settings: float) -> None:
        self.state = np.zeros(1, ROOM)[0]
        self.state["quiet_blocks"] = 2**30
        self.aim(**settings)
        self.answer(SILENCE)

    def aim(self, **settings: float) -> None:
        room.aim(self.state, walls(**settings))

    def answer(self, *blocks: np.ndarray) -> np.ndarray:
        """What the room adds to these blocks, shape (n_frames, N_CHANNELS)."""
        out = np.zeros((len(blocks), N_CHANNELS, BLOCK_FRAMES), np.float32)
        for dry, wet in zip(blocks, out, strict=True):
            room.render(self.state, dry, wet, RATE_HZ)
        return out.transpose(0, 2, 1).reshape(-1, N_CHANNELS)

    def ring(self, duration_s: float) -> np.ndarray:
        """What it adds to silence."""
        return self.answer(*[SILENCE] * int(duration_s * RATE_HZ / BLOCK_FRAMES))


def decay_s(impulse_response: np.ndarray) -> float:
    """Time to fall by 60 dB, from the fall from -5 to -35 dB of Schroeder's backward integral."""
    energy = np.cumsum(impulse_response[::-1] ** 2)[::-1]
    level_db = 10 * np.log10(energy / energy[0] + 1e-20)
    fall = np.flatnonzero((level_db < -5) & (level_db > -35))
    return float(-60 / (np.polyfit(fall, level_db[fall], 1)[0] * RATE_HZ))


def tone(n_blocks: int, frequency_hz: float = 200.0) -> list[np.ndarray]:
    wave = 0.1 * np.sin(2 * np.pi * frequency_hz * np.arange(n_blocks * BLOCK_FRAMES) / RATE_HZ)
    return [np.tile(part, (2, 1)).astype(np.float32) for part in np.split(wave, n_blocks)]


@pytest.mark.parametrize("wanted_s", [0.3, 1.2, 4.0])
@pytest.mark.parametrize("size", [0.3, 1.0])
def test_low_sounds_fall_by_60_db_in_the_rooms_decay_time(wanted_s: float, size: float):
    hall = Hall(decay_s=wanted_s, size=size)
    heard = np.vstack([hall.answer(CLAP), hall.ring(1.2 * wanted_s)])[:, 0]
    low = sosfilt(butter(4, 1000, fs=RATE_HZ, output="sos"), heard)
    assert decay_s(low) == pytest.approx(wanted_s, rel=0.1)


def test_damping_makes_high_sounds_fall_faster():
    hall = Hall(decay_s=2.0, damping_hz=2000.0)
    heard = np.vstack([hall.answer(CLAP), hall.ring(2.0)])[:, 0]
    high = sosfilt(butter(4, 4000, "high", fs=RATE_HZ, output="sos"), heard)
    assert decay_s(high) < 1.0


def test_a_mix_of_nothing_adds_nothing():
    hall = Hall(mix=0.0)
    assert not np.vstack([hall.answer(CLAP), hall.ring(0.5)]).any()


def test_the_mix_scales_what_is_added():
    full, half = Hall(mix=1.0), Hall(mix=0.5)
    assert half.answer(*tone(99)) == pytest.approx(0.5 * full.answer(*tone(99)), abs=1e-6)


def test_the_room_dies_away_to_exact_silence():
    hall = Hall(decay_s=0.1)
    hall.answer(CLAP)
    hall.ring(1.0)
    assert not hall.ring(0.5).any()


def test_a_silent_room_stands_still():
    hall = Hall(decay_s=0.1)
    hall.answer(CLAP)
    hall.ring(1.5)
    before = hall.state.copy()
    hall.ring(0.1)
    assert hall.state == before


def test_a_sound_wakes_the_room():
    hall = Hall(decay_s=0.1)
    hall.ring(1.5)
    hall.answer(CLAP)
    assert hall.ring(0.2).any()


def test_other_walls_do_not_ring_with_the_old_sound():
    hall = Hall(decay_s=4.0)
    hall.answer(*tone(200))
    hall.aim(decay_s=3.9)
    hall.ring(room.SWITCH_BLOCKS * BLOCK_FRAMES / RATE_HZ)
    assert not hall.ring(0.5).any()


def test_other_walls_fade_the_old_sound_without_a_step():
    hall = Hall(decay_s=4.0)
    heard = hall.answer(*tone(600))
    hall.aim(decay_s=1.0)
    fading = hall.ring(0.05)
    slope = abs(np.diff(heard, axis=0)).max()
    faded = abs(heard).max() / (room.SWITCH_BLOCKS * BLOCK_FRAMES)
    steps = np.diff(np.vstack([heard[-1:], fading]), axis=0)
    assert abs(steps).max() < slope + faded


def test_another_mix_keeps_the_room_ringing():
    hall = Hall(mix=1.0, decay_s=4.0)
    hall.answer(*tone(200))
    hall.aim(mix=0.5, decay_s=4.0)
    assert abs(hall.ring(0.2)[-2000:]).max() > 1e-3


def test_the_channels_differ():
    left, right = Hall().answer(CLAP, *[SILENCE] * 200).T
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.2


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_enters(bad: float):
    hall, sound = Hall(), CLAP.copy()
    sound[1, 9] = bad
    assert not hall.answer(sound).any()
    assert not hall.ring(0.2).any()


def echoes(hall: Hall) -> np.ndarray:
    return np.vstack([hall.answer(CLAP), hall.ring(0.2)])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_room_that_is_not_finite_inside_says_so_once_and_is_empty_again(bad: float):
    hall = Hall()
    hall.answer(CLAP)
    hall.state["lines"][:] = bad
    assert not np.isfinite(hall.ring(0.01)[:BLOCK_FRAMES]).any()
    assert not hall.ring(0.2).any()
    assert echoes(hall) == pytest.approx(echoes(Hall()), abs=1e-6)
