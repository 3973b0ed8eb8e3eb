"""Measure how well the engine holds and follows pitch, beside an exact tone of the same trajectory.

    python -m scripts.pitch [SPACE] [--step 1] [--sounds 2]

Plays harmonic sustained sounds of a space's codebook through the whole engine at every note from 24
to 100: held still, gliding an octave up and down, and with a vibrato of 6 Hz. From note 48 on pitch
is tracked by YIN (de Cheveigne & Kawahara 2002, librosa's), below by the phase that the lowest
partials advance. So is a tone of the same partials, made by plain arithmetic. Printed are the shares
of frames within 10 cents of the trajectory; the engine follows a touch by one control frame, for
which it is forgiven.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import librosa
import numpy as np
from numpy.typing import NDArray

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()

from numba import carray, cfunc, types

from embouchure.space_file import load_space
from mapper.playback import ROWS, blob, read_between
from synth.controls import NOISE, ORDERS, PARTIALS, STRETCH, TRAJECTORY_SIZE, note_to_hz
from synth.decoder import decode
from synth.engine.engine import Engine, Event
from synth.engine.layout import MOVE, STRIKE
from synth.moving.surface import instrument_of
from synth.offline import render
from synth.patch import Patch, RoomSettings, VoiceSettings
from synth.space import Space

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
LENGTH_S: Final = 2.0
SETTLED_S: Final = 0.25
STEP: Final = 64
"""Frames between the events of a glide."""
FOLLOWS: Final = 192
"""Frames by which the engine follows a touch that is no longer young."""
ROW_RATE_HZ: Final = 250
HOP: Final = 480
NEAR_CENTS: Final = 10.0
LOWEST, HIGHEST, LOWEST_TRACKED = 24, 100, 48
MARGIN_SEMITONES: Final = 3.0
N_TRACKED_PARTIALS: Final = 6
N_PERIODS: Final = 4
ADVANCE: Final = 24
SUSTAINED: Final = frozenset({"brass", "flute", "organ", "reed", "string", "synth_lead", "vocal"})
TOP_HZ: Final = 21_600.0
FAINT: Final = 1e-3
LARGEST_NOISE_DB, LARGEST_FALL_DB, LARGEST_STRETCH_CENTS = -25.0, -6.0, 3.0


@cfunc(types.void(*[types.CPointer(types.float32)] * 4), cache=True)
def _play_back(touch_at, memory_at, blob_at, trajectory_at):  # noqa: ANN001, ANN202
    """Replay a trajectory and let the touch glide."""
    age_s = carray(touch_at, 9)[6]
    header = carray(blob_at, 2)
    n_rows = int(header[0])
    rows = carray(blob_at, ROWS + n_rows * TRAJECTORY_SIZE)[ROWS:]
    read_between(rows, age_s * header[1], n_rows, carray(trajectory_at, TRAJECTORY_SIZE))


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Frames within `NEAR_CENTS`, of all that were looked at."""

    engine: int
    reference: int
    n_frames: int


def glides() -> dict[str, Array]:
    """Semitones at every frame of a note, by name."""
    times_s = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    moved = np.clip((times_s - SETTLED_S) / (LENGTH_S - 2 * SETTLED_S), 0.0, 1.0)
    return {
        "steady": np.zeros(len(times_s)),
        "up an octave": 12.0 * moved,
        "down an octave": -12.0 * moved,
        "vibrato": 0.5 * np.sin(2 * np.pi * 6.0 * times_s),
    }


def sustained_sounds(space: Space) -> list[int]:
    """Find the sounds that last as long as they are held."""
    return [
        index
        for index, sound in enumerate(space.card.sounds)
        if sound.family in SUSTAINED
        and space.loudness_db[index][-1] > space.loudness_db[index].max() + LARGEST_FALL_DB
    ]


def is_harmonic(space: Space, sound: int, note: float) -> bool:
    """Tell whether a sound has little noise at a note, and partials in tune.

    Partials count by the square of their order, as they do in how sharply a wave repeats.
    """
    level_db = space.loudness_db[sound]
    rows = decode(space, space.codes[sound], level_db, np.full(len(level_db), note))
    rows = rows[len(rows) // 2 :].astype(np.float64)
    partials = 10.0 ** (rows[:, PARTIALS] / 10) / 2 * (note_to_hz(note) * ORDERS < TOP_HZ)
    noise_db = 10.0 * np.log10((10.0 ** (rows[:, NOISE] / 10)).sum() / partials.sum())
    n_stretches = STRETCH.stop - STRETCH.start
    weight = partials[:, :n_stretches] * ORDERS[:n_stretches] ** 2
    off_cents = 1731.0 * (weight * np.abs(rows[:, STRETCH])).sum() / weight.sum()
    return bool(noise_db < LARGEST_NOISE_DB and off_cents < LARGEST_STRETCH_CENTS)


def nearest(space: Space, sounds: Sequence[int], note: int, n_sounds: int) -> list[int]:
    """Choose sounds of different instruments, recorded near a note and harmonic about it."""
    chosen: dict[str, int] = {}
    for index in sorted(sounds, key=lambda i: (abs(space.card.sounds[i].note - note), i)):
        instrument = instrument_of(space.card.sounds[index].name)
        if instrument in chosen:
            continue
        if all(is_harmonic(space, index, note + moved) for moved in (-12.0, 0.0, 12.0)):
            chosen[instrument] = index
        if len(chosen) == n_sounds:
            break
    return list(chosen.values())


def play(space: Space, sound: int, note: int, glide: Array) -> Array:
    """Play one sound of the codebook through the engine, a glide as a controller sends it."""
    times_s = np.arange(0, LENGTH_S, 1 / ROW_RATE_HZ)
    columns = np.column_stack([space.codes[sound], space.loudness_db[sound]])
    rows = [np.interp(times_s, space.card.ages_s, column) for column in columns.T]
    trajectory = np.column_stack([*rows, np.zeros(len(times_s))]).astype(np.float32)
    patch = Patch(
        map_address=_play_back.address,
        blob=blob(trajectory, ROW_RATE_HZ),
        voice=VoiceSettings(width=0.0),
        room=RoomSettings(mix=0.0),
    )
    engine = Engine(space, rate_hz=RATE_HZ)
    engine.select(engine.install(patch))
    events = [Event(0, 1, STRIKE, note=note, strike=0.7, press=0.5)]
    events += [
        Event(at, 1, MOVE, note=note, strike=0.7, press=0.5, glide_semitones=float(glide[at]))
        for at in range(STEP, len(glide), STEP)
    ]
    return render(engine, events, 0).mean(axis=1).astype(np.float64)


def exact(space: Space, sound: int, notes: Array) -> Array:
    """Make a tone of a sound's own partials whose pitch is known in every frame, and nothing else."""
    level_db = space.loudness_db[sound]
    middle = np.full(len(level_db), notes.mean())
    rows = decode(space, space.codes[sound], level_db, middle)[len(level_db) // 2 :]
    amplitudes = 10.0 ** (rows[:, PARTIALS].astype(np.float64).mean(axis=0) / 20)
    hz = 440.0 * 2.0 ** ((notes - 69.0) / 12.0)
    phase = 2.0 * np.pi * np.cumsum(hz) / RATE_HZ
    heard = amplitudes > amplitudes.max() * FAINT
    heard &= ORDERS * hz.max() < TOP_HZ
    return sum(a * np.sin(k * phase) for a, k in zip(amplitudes[heard], ORDERS[heard], strict=True))


def track_by_yin(sound: Array, notes: Array) -> Array:
    """Track fractional note numbers, one every `HOP`."""
    low, high = librosa.midi_to_hz([notes.min() - MARGIN_SEMITONES, notes.max() + MARGIN_SEMITONES])
    size = max(1024, 2 * int(np.ceil(2 * RATE_HZ / low / 2)) + 4)
    f0_hz = librosa.yin(sound, fmin=low, fmax=high, sr=RATE_HZ, frame_length=size, hop_length=HOP)
    return np.asarray(librosa.hz_to_midi(f0_hz))


def track_by_phase(sound: Array, notes: Array) -> Array:
    """Measure how far partials turn in `ADVANCE` frames, around where they should be."""
    tracked = []
    for centre in range(0, len(sound), HOP):
        f0_hz = 440.0 * 2.0 ** ((notes[min(centre, len(notes) - 1)] - 69.0) / 12.0)
        size = int(N_PERIODS * RATE_HZ / f0_hz)
        start = centre - (size + ADVANCE) // 2
        if start < 0 or start + size + ADVANCE > len(sound):
            tracked.append(np.nan)
            continue
        orders = np.arange(1, N_TRACKED_PARTIALS + 1)
        turning = np.exp(-2j * np.pi * f0_hz / RATE_HZ * np.outer(orders, np.arange(size)))
        turning *= np.hanning(size)
        before, after = (turning @ sound[at : at + size] for at in (start, start + ADVANCE))
        advance = after * before.conj() * np.exp(-2j * np.pi * f0_hz * orders * ADVANCE / RATE_HZ)
        off_hz = np.angle(advance) * RATE_HZ / ADVANCE / (2 * np.pi) / orders
        weight = np.abs(advance) * orders
        deviation = 1.0 + (weight * off_hz).sum() / weight.sum() / f0_hz
        tracked.append(69.0 + 12.0 * np.log2(f0_hz * max(deviation, 0.1) / 440.0))
    return np.array(tracked)


def near(sound: Array, notes: Array, *, by_yin: bool) -> NDArray[np.bool_]:
    """Tell which frames are within `NEAR_CENTS` of a trajectory, once settled."""
    track = track_by_yin if by_yin else track_by_phase
    found = track(sound[: len(notes)], notes)[: len(notes) // HOP]
    wanted = notes[::HOP][: len(found)]
    settled = slice(round(SETTLED_S * RATE_HZ / HOP), -round(0.5 * SETTLED_S * RATE_HZ / HOP))
    return np.abs(found - wanted)[settled] < NEAR_CENTS / 100.0


def measure(space: Space, step: int, n_sounds: int) -> dict[str, dict[str, Shares]]:
    """Count frames by glide and register."""
    counts: dict[str, dict[str, list[int]]] = {}
    sounds = sustained_sounds(space)
    for note in range(LOWEST, HIGHEST + 1, step):
        register = "24 to 47" if note < LOWEST_TRACKED else "48 to 100"
        chosen = nearest(space, sounds, note, n_sounds)
        for name, glide in glides().items():
            followed = note + np.concatenate([np.zeros(FOLLOWS), glide[:-FOLLOWS]])
            by_yin = note >= LOWEST_TRACKED
            for sound in chosen:
                reference = near(exact(space, sound, followed), followed, by_yin=by_yin)
                heard = near(play(space, sound, note, glide), followed, by_yin=by_yin)
                count = counts.setdefault(name, {}).setdefault(register, [0, 0, 0])
                for i, n in enumerate((heard.sum(), reference.sum(), len(heard))):
                    count[i] += int(n)
    return {
        name: {
            register: Shares(engine=e, reference=r, n_frames=n)
            for register, (e, r, n) in rows.items()
        }
        for name, rows in counts.items()
    }


def main() -> None:
    """Print a line for each glide and register."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("space", type=Path, nargs="?")
    options.add_argument("--step", type=int, default=1)
    options.add_argument("--sounds", type=int, default=2)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    measured = measure(load_space(chosen.space), chosen.step, chosen.sounds)
    if chosen.json:
        print(
            json.dumps({n: {r: vars(s) for r, s in rows.items()} for n, rows in measured.items()})
        )
        return
    print("glide           notes      engine  reference  points  frames")
    for name, rows in measured.items():
        for register, shares in rows.items():
            engine, reference = (
                100 * n / shares.n_frames for n in (shares.engine, shares.reference)
            )
            print(
                f"{name:15} {register:9} {engine:7.2f} {reference:10.2f} {engine - reference:7.2f}"
                f" {shares.n_frames:7}"
            )


if __name__ == "__main__":
    main()
