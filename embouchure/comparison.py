"""A comparison: two presets play the same, equally loud, so that only their sound differs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.play_settings import PlaySettings
from embouchure.rendering import open_wav, sound_of
from presets.factory.loudness import RATE_HZ, TARGET_LUFS, loudness_lufs
from presets.store import load
from synth.analysis.distance import FLOOR_DB, mel_db

Array = NDArray[np.float64]

CEILING_DB: Final = -1.0
"""No sample of either is higher."""
TAIL_S: Final = 3.0
LONGEST_S: Final = 600.0
PIECE_S: Final = 10.0

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two presets that are compared.

    `lufs` is as the preset plays, `gain_db` what makes both equally loud, `peak_db` and
    `brightness_hz` (the centroid of its power) are of the file.
    """

    preset: str
    path: Path
    lufs: float
    gain_db: float
    peak_db: float
    brightness_hz: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Both sides, how loud the files are, and how far their mel bands are apart on average."""

    sides: tuple[Side, Side]
    lufs: float
    distance_db: float


def compare(
    presets: tuple[str, str],
    folder: Path,
    performance: Path | None = None,
    tell: Progress = lambda share: None,
) -> Comparison:
    """Render two presets playing the same to `A NAME.wav` and `B NAME.wav`, equally loud.

    Parameters
    ----------
    presets
        Names or paths.
    folder
        Where the files go.
    performance
        A Standard MIDI File; without it the bundled performance.
    tell
        Told the share of the work that is done.

    Raises
    ------
    PresetError, SpaceError, PerformanceError, ProgramError
        When a preset or the performance cannot be read, makes no sound, or a file not be written.
    """
    _refuse_what_would_fail(presets, folder)
    with _performance(performance) as path:
        sounds = [_sound(path, name, i, tell) for i, name in enumerate(presets)]
    loudnesses = [_loudness(name, sound) for name, sound in zip(presets, sounds, strict=True)]
    lufs = min(TARGET_LUFS, *map(_loudest, sounds, loudnesses))
    sides = []
    for word, name, sound, own in zip("AB", presets, sounds, loudnesses, strict=True):
        sound *= 10.0 ** ((lufs - own) / 20.0)
        path = folder / f"{word} {Path(name).stem}.wav"
        sides.append(_written(path, name, sound, own, lufs - own))
    first, second = sides
    return Comparison(sides=(first, second), lufs=lufs, distance_db=_distance_db(*sounds))


def _refuse_what_would_fail(presets: tuple[str, str], folder: Path) -> None:
    """Refuse before anything is rendered, which takes long."""
    for preset in presets:
        load(preset)
    if not folder.is_dir():
        raise ProgramError(f"{folder} is no folder for the two files; choose one that is there")


@contextmanager
def _performance(path: Path | None) -> Iterator[Path]:
    if path:
        yield path
        return
    with as_file(files("embouchure").joinpath("performance.mid")) as bundled:
        yield bundled


def _sound(performance: Path, preset: str, number: int, tell: Progress) -> Array:
    settings = PlaySettings(preset=preset, rate_hz=RATE_HZ)
    blocks, n_frames = [], 0
    for share, block in sound_of(performance, settings, TAIL_S):
        blocks.append(block)
        n_frames += len(block)
        if n_frames > LONGEST_S * RATE_HZ:
            raise ProgramError(
                f"{performance} is longer than the {LONGEST_S:g} s that are compared; cut it"
            )
        tell((number + share) / 2)
    return np.concatenate(blocks).astype(np.float64)


def _loudness(preset: str, sound: Array) -> float:
    lufs = loudness_lufs(sound)
    if not np.isfinite(lufs):
        raise ProgramError(
            f"{preset} makes no sound of this performance; choose another preset or performance"
        )
    return lufs


def _loudest(sound: Array, lufs: float) -> float:
    """How loud a sound could be made before its peak meets the ceiling."""
    return lufs + CEILING_DB - _peak_db(sound)


def _peak_db(sound: Array) -> float:
    return float(20.0 * np.log10(np.abs(sound).max() + 1e-12))


def _written(path: Path, preset: str, sound: Array, own_lufs: float, gain_db: float) -> Side:
    with open_wav(path, RATE_HZ) as wav:
        wav.write(sound)
    return Side(
        preset=preset,
        path=path,
        lufs=own_lufs,
        gain_db=gain_db,
        peak_db=_peak_db(sound),
        brightness_hz=_brightness_hz(sound.mean(axis=1)),
    )


def _pieces(sound: Array) -> Iterator[Array]:
    size = round(PIECE_S * RATE_HZ)
    return (sound[at : at + size] for at in range(0, len(sound), size))


def _brightness_hz(sound: Array) -> float:
    power = weighted = 0.0
    for piece in _pieces(sound):
        spectrum = np.abs(np.fft.rfft(piece)) ** 2
        power += float(spectrum.sum())
        weighted += float(spectrum @ np.fft.rfftfreq(len(piece), 1 / RATE_HZ))
    return weighted / power


def _distance_db(first: Array, second: Array) -> float:
    """Mean difference of the levels of mel bands, floored, where either is heard."""
    n_frames = min(len(first), len(second))
    levels = [
        np.vstack([mel_db(piece) for piece in _pieces(sound[:n_frames].mean(axis=1))])
        for sound in (first, second)
    ]
    floor_db = max(level.max() for level in levels) + FLOOR_DB
    ours, theirs = (np.maximum(level, floor_db) for level in levels)
    is_heard = (np.maximum(ours, theirs) > floor_db).any(axis=1)
    return float(np.abs(ours - theirs)[is_heard].mean())
