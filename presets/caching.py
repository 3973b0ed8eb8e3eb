"""Caching: a decoder is evaluated in advance for a preset, or for the sounds of a space."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from presets.caches import place_of, place_of_sounds
from presets.factory.loudness import phrases, sound_of
from presets.preset import Preset
from presets.reach import OTHER_SEED, reach
from synth.analysis.distance import mel_distance_db
from synth.controls import NOISE, PARTIALS
from synth.decoder import decode, plays_live
from synth.lattice import Lattice
from synth.lattice_file import read_card, write_lattice
from synth.lattice_ground import AUDIBLE_DB, Reach
from synth.lattice_plan import LIMIT_BYTES, Plan, plan_lattice
from synth.space import Space, SpaceError

Progress = Callable[[int, int], None]

N_JUDGED: Final = 60
"""Gestures that the controls are judged on; none of them is one that the points were placed by."""
N_HEARD: Final = 3000
TRANSPOSED_NOTES: Final = 7.0
"""How far a sound is taken from its own key when its cache is judged."""
SEED: Final = 5


def build_cache(
    preset: Preset,
    space: Space,
    tell: Progress = lambda done, total: None,
    limit_bytes: int = LIMIT_BYTES,
) -> tuple[Lattice, Path]:
    """Evaluate a preset's decoder in advance wherever the preset can go.

    An interrupted run leaves what it did, and the next one goes on from there.

    Raises
    ------
    SpaceError
        When it would be larger than allowed, or cannot be written.
    """
    place = place_of(preset)
    subject = f"the preset {preset.card.name}"
    plan = plan_lattice(space, reach(preset), subject, place.stem, limit_bytes)

    def judge(lattice: Lattice) -> dict[str, float]:
        figures = errors(lattice, space, reach(preset, seed=OTHER_SEED, n_gestures=N_JUDGED))
        return figures | (_heard(lattice, preset, space) if plays_live(space) else {})

    return _written(place, plan, judge, tell), place


def build_cache_of_sounds(
    space: Space,
    names: Sequence[str] = (),
    tell: Progress = lambda done, total: None,
    limit_bytes: int = LIMIT_BYTES,
) -> tuple[Lattice, Path]:
    """Evaluate a space's decoder in advance along the sounds of its codebook, all without names.

    Raises
    ------
    SpaceError
        When there is no such sound, too little room, or it cannot be written.
    """
    place = place_of_sounds(space.sha256)
    chosen = _indices(space, names)
    subject = subject_of_sounds(space, len(chosen))
    plan = plan_lattice(space, _along(space, chosen), subject, place.stem, limit_bytes)

    def judge(lattice: Lattice) -> dict[str, float]:
        return errors(lattice, space, _beside(_along(space, chosen)))

    return _written(place, plan, judge, tell), place


def subject_of_sounds(space: Space, n_sounds: int) -> str:
    """Say what a cache of so many of a space's sounds was made for."""
    return f"{n_sounds} sounds of the space {space.card.name}"


def has_cache_of_all_sounds(space: Space) -> bool:
    """Tell whether a cache of a space's sounds is there that leaves none of them out.

    Raises
    ------
    SpaceError
        When it is damaged.
    """
    place = place_of_sounds(space.sha256)
    everything = subject_of_sounds(space, len(space.card.sounds))
    return place.exists() and read_card(place).subject == everything


def errors(lattice: Lattice, space: Space, played: Reach) -> dict[str, float]:
    """Compare with the decoder, frame by frame: mean differences of what is audible, in dB.

    `frame_p99_db` is what 99 % of the frames stay below.
    """
    chosen = np.random.default_rng(SEED).permutation(len(played.note))[:N_HEARD]
    codes = played.codes[chosen].astype(np.float32)
    loudness_db, note = played.loudness_db[chosen], played.note[chosen]
    wanted = decode(space, codes, loudness_db, note)
    found = np.clip(lattice.controls(codes, loudness_db, note), space.low, space.high)
    floor_db = AUDIBLE_DB
    away = np.abs(np.maximum(found, floor_db) - np.maximum(wanted, floor_db))
    heard = np.maximum(found, wanted) > floor_db
    levels = np.r_[PARTIALS, NOISE]
    by_frame = _mean(away[:, levels], heard[:, levels], axis=1)
    return {
        "partials_db": float(_mean(away[:, PARTIALS], heard[:, PARTIALS])),
        "noise_db": float(_mean(away[:, NOISE], heard[:, NOISE])),
        "frame_p99_db": float(np.quantile(by_frame, 0.99)),
    }


def _mean(
    values: NDArray[np.floating], counted: NDArray[np.bool_], axis: int | None = None
) -> NDArray[np.floating]:
    total = np.maximum(counted.sum(axis=axis), 1)
    return np.asarray((values * counted).sum(axis=axis) / total)


def _heard(lattice: Lattice, preset: Preset, space: Space) -> dict[str, float]:
    """Compare renderings of the reference performance by their mel bands."""
    live, cached = (
        sound_of(preset, space, phrases(), lattice=one).mean(axis=1) for one in (None, lattice)
    )
    mel_db, attack_db = mel_distance_db(live, cached)
    return {"mel_db": mel_db, "attack_mel_db": attack_db}


def _written(
    place: Path, plan: Plan, judge: Callable[[Lattice], dict[str, float]], tell: Progress
) -> Lattice:
    return write_lattice(place, plan.card, plan.arrays, plan.rows, judge, tell)


def _indices(space: Space, names: Sequence[str]) -> list[int]:
    known = [sound.name for sound in space.card.sounds]
    for name in names:
        if name not in known:
            raise SpaceError(
                f"the space {space.card.name} has no sound {name!r}; its sounds are listed by "
                "embouchure space show --json"
            )
    return [known.index(name) for name in names] or list(range(len(known)))


def _along(space: Space, chosen: list[int]) -> Reach:
    """Follow sounds along their trajectories as far as they are heard."""
    codes, loudness_db = space.codes[chosen], space.loudness_db[chosen].astype(np.float64)
    notes = np.array([space.card.sounds[index].note for index in chosen])
    note = np.repeat(notes[:, None], loudness_db.shape[1], axis=1)
    heard = loudness_db > loudness_db.max(axis=1, keepdims=True) + AUDIBLE_DB
    return Reach(codes[heard].astype(np.float64), loudness_db[heard], note[heard])


def _beside(played: Reach) -> Reach:
    """Take codes half-way from one moment to the next, at other pitches and loudnesses."""
    rng = np.random.default_rng(SEED)
    codes = (played.codes[1:] + played.codes[:-1]) / 2.0
    note = played.note[1:] + rng.uniform(-TRANSPOSED_NOTES, TRANSPOSED_NOTES, len(codes))
    return Reach(codes, played.loudness_db[1:] + rng.uniform(-6.0, 0.0, len(codes)), note)
