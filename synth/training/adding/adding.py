"""Adding: a space that has learned more sounds, and how well it keeps and learns them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.distance import mel_distance_db
from synth.analysis.note import Analysis
from synth.controls import SILENCE_DB, TRANSIENT
from synth.encoder import CODE_RATE_HZ, encode_analysis
from synth.space import Sound, Source, Space, SpaceCard, save_space
from synth.training.adding.learning import Learned, Report, learn
from synth.training.adding.new_sound import NewSound
from synth.training.codebook import RELEASE_DROP_DB, sound_name
from synth.training.corpus import CorpusError, joint_licence
from synth.training.decode import decode_path
from synth.training.render import render

Array = NDArray[np.float32]

MOST_NAMED: Final = 12
"""Notes of a recording that the codebook names."""
RELEASE_S: Final = 0.25
LONGEST_RELEASE_S: Final = 20.0
BOUND_PERCENTILES: Final = (1.0, 99.0)
MOST_MEASURED: Final = 6
"""Notes of a recording by which its error is measured."""


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """How far a recording is from the space's saying of it, in log-mel levels."""

    name: str
    n_notes: int
    before_db: float
    after_db: float


@dataclass(frozen=True, kw_only=True)
class Added:
    """A space with more sounds.

    Attributes
    ----------
    old_changed_db
        How far the controls of the old sounds lie from what they were, on average over the
        codebook at all ages, and at pitches and loudnesses around it.
    """

    space: Space
    names: list[str]
    """Of the new instruments."""
    improvements: list[Improvement]
    old_changed_db: float


def add_sounds(  # noqa: PLR0913 - what a space is made of
    space: Space,
    sounds: Sequence[NewSound],
    sources: Sequence[Source],
    out: Path,
    *,
    seconds: float,
    seed: int = 0,
    report: Report = lambda share, words: None,
) -> Added:
    """Teach a space new sounds, and write what comes of it as another space.

    Parameters
    ----------
    sources
        Where the sounds come from.
    out
        The new space's file.
    seconds
        Processor time of one core for learning.

    Raises
    ------
    CorpusError
        When a sound's name is taken in the space, or the space cannot hear.
    SpaceError
        When the file cannot be written.
    """
    _check(space, sounds)
    learned = learn(space, sounds, seconds=seconds, seed=seed, report=report)
    card, arrays = _extended(space, sounds, learned, sources, out.stem)
    after = Space(card, arrays)
    improvements = _improvements(space, after, sounds, learned.codes)
    figures = {
        "added": {f"{one.name}_mel_db": round(one.after_db, 3) for one in improvements}
        | {"old_changed_db": round(learned.changed_db, 4)}
    }
    card = card.model_copy(update={"evaluation": card.evaluation | figures})
    save_space(out, card, arrays)
    return Added(
        space=Space.load(out),
        names=list(dict.fromkeys(sound.name for sound in sounds)),
        improvements=improvements,
        old_changed_db=learned.changed_db,
    )


def _check(space: Space, sounds: Sequence[NewSound]) -> None:
    if "encoder.out.weight" not in space.encoder:
        raise CorpusError(
            f"the space {space.card.name} cannot hear; choose one with an encoder, such as the "
            "factory's"
        )
    known = {sound.name.rsplit("-", 2)[0] for sound in space.card.sounds}
    taken = sorted({sound.name for sound in sounds} & known)
    if taken:
        raise CorpusError(
            f"the space {space.card.name} has a sound {taken[0]} already; rename the recording's "
            "file and add it again"
        )


def _extended(
    space: Space,
    sounds: Sequence[NewSound],
    learned: Learned,
    sources: Sequence[Source],
    name: str,
) -> tuple[SpaceCard, dict[str, Array]]:
    """Put decoder, bounds and codebook of old and new together."""
    named = _named(sounds)
    ages_s = np.array(space.card.ages_s)
    paths = [_codebook_path(sounds[i], learned.codes[i], ages_s) for i in named]
    arrays = space.arrays | learned.student.arrays | _bounds(space, sounds)
    arrays["codebook.codes"] = np.concatenate([space.codes, [codes for codes, _ in paths]])
    arrays["codebook.loudness_db"] = np.concatenate(
        [space.loudness_db, [level_db for _, level_db in paths]]
    )
    all_sources = [*_sources(space), *sources]
    card = space.card.model_copy(
        update={
            "name": name,
            "licence": joint_licence(all_sources),
            "sources": all_sources,
            "sounds": [*space.card.sounds, *(_sound(sounds[i], key) for i, key in named.items())],
        }
    )
    return card, {key: np.asarray(array, np.float32) for key, array in arrays.items()}


def _sources(space: Space) -> list[Source]:
    """Tell the sources of a space, of an older one by its provenance."""
    card = space.card
    older = Source(name=card.name, licence=card.licence, provenance=card.provenance)
    return list(card.sources) or [older]


def _named(sounds: Sequence[NewSound]) -> dict[int, str]:
    """Choose the notes that the codebook names, some of each recording, and name them."""
    named: dict[str, int] = {}
    for recording in dict.fromkeys(sound.name for sound in sounds):
        own = [i for i, sound in enumerate(sounds) if sound.name == recording]
        for place in np.linspace(0, len(own) - 1, min(MOST_NAMED, len(own))).astype(int):
            sound = sounds[own[place]]
            named.setdefault(sound_name(recording, sound.note, sound.velocity), own[place])
    return {index: name for name, index in named.items()}


def _sound(sound: NewSound, name: str) -> Sound:
    slope = sound.slope_db_per_s
    release_s = min(-RELEASE_DROP_DB / slope, LONGEST_RELEASE_S) if slope else RELEASE_S
    return Sound(
        name=name,
        family=sound.family,
        note=sound.note,
        strike=sound.velocity / 127,
        release_s=release_s,
    )


def _codebook_path(
    sound: NewSound, codes: Array, ages_s: NDArray[np.float64]
) -> tuple[Array, Array]:
    """Sample codes and loudness at the codebook's ages; past its end a sound goes on as it did."""
    at_s = np.minimum(ages_s, sound.held_s)
    code_s = np.arange(len(codes)) / CODE_RATE_HZ
    path = np.stack([np.interp(at_s, code_s, column) for column in codes.T], axis=1)
    level_db = np.interp(at_s, sound.frames.times_s, sound.frames.loudness_db)
    level_db += sound.slope_db_per_s * (ages_s - at_s)
    return path.astype(np.float32), np.maximum(level_db, SILENCE_DB).astype(np.float32)


def _bounds(space: Space, sounds: Sequence[NewSound]) -> dict[str, Array]:
    """Let the decoder say what the new sounds have, but for their rarest values."""
    rows = np.vstack([sound.frames.controls for sound in sounds])
    strikes = np.vstack([sound.frames.controls[:1] for sound in sounds])
    low, high = np.percentile(rows, BOUND_PERCENTILES, axis=0)
    low[TRANSIENT], high[TRANSIENT] = np.percentile(
        strikes[:, TRANSIENT], BOUND_PERCENTILES, axis=0
    )
    return {
        "decoder.low": np.minimum(space.low, low),
        "decoder.high": np.maximum(space.high, high),
    }


def _improvements(
    before: Space, after: Space, sounds: Sequence[NewSound], codes: list[Array]
) -> list[Improvement]:
    """Compare what both spaces say of some notes of each recording with the recording."""
    found = []
    for name in dict.fromkeys(sound.name for sound in sounds):
        own = [i for i, sound in enumerate(sounds) if sound.name == name]
        some = own[:: max(1, len(own) // MOST_MEASURED)][:MOST_MEASURED]
        old = [
            _distance_db(before, sounds[i], encode_analysis(before, sounds[i].frames).codes)
            for i in some
        ]
        new = [_distance_db(after, sounds[i], codes[i]) for i in some]
        found.append(
            Improvement(
                name=name,
                n_notes=len(own),
                before_db=float(np.mean(old)),
                after_db=float(np.mean(new)),
            )
        )
    return found


def _distance_db(space: Space, sound: NewSound, codes: Array) -> float:
    frames: Analysis = decode_path(space, codes, sound.frames)
    return mel_distance_db(sound.sound, render(frames))[0]
