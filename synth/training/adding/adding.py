"""Adding: a space that has learned more sounds, and how well it keeps and learns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import TRANSIENT
from synth.moving.surface import instrument_of
from synth.space import Source, Space, SpaceCard, save_space
from synth.training.adding.entries import codebook_path, named, sound_entry
from synth.training.adding.improvement import Improvement, improvements
from synth.training.adding.learning import Learned, Report, learn
from synth.training.adding.new_sound import NewSound
from synth.training.corpus import CorpusError, joint_licence

Array = NDArray[np.float32]

BOUND_PERCENTILES: Final = (1.0, 99.0)
ADDED: Final = "added"
"""Under this name a card's evaluation tells of the addition that made the space."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """A space with more sounds.

    Attributes
    ----------
    old_changed_db
        How far the levels of the old sounds' partials and noise lie from what they were in the space
        that was added to, on average over the codebook at all ages, and at pitches and loudnesses
        around it.
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
        When a sound's name is taken in the space.
    SpaceError
        When the space has no encoder, or the file cannot be written.
    """
    _refuse_taken(space, sounds)
    learned = learn(space, sounds, seconds=seconds, seed=seed, report=report)
    card, arrays = _extended(space, sounds, learned, sources, out.stem)
    after = Space(card, arrays)
    nearer = improvements(space, after, sounds, learned.codes)
    figures = {f"{one.name}_mel_db": round(one.after_db, 3) for one in nearer}
    figures |= _changes(card.evaluation.get(ADDED, {}), learned.changed_db)
    card = card.model_copy(update={"evaluation": card.evaluation | {ADDED: figures}})
    save_space(out, card, arrays)
    return Added(
        space=Space.load(out),
        names=list(dict.fromkeys(sound.name for sound in sounds)),
        improvements=nearer,
        old_changed_db=learned.changed_db,
    )


def _changes(before: Mapping[str, float], changed_db: float) -> dict[str, float]:
    """Tell how far the old sounds have changed, now and added up over all additions."""
    earlier_db = before.get("all_changed_db", before.get("old_changed_db", 0.0))
    return {
        "old_changed_db": round(changed_db, 4),
        "all_changed_db": round(earlier_db + changed_db, 4),
    }


def _refuse_taken(space: Space, sounds: Sequence[NewSound]) -> None:
    known = {instrument_of(sound.name) for sound in space.card.sounds}
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
    chosen = named(sounds)
    ages_s = np.array(space.card.ages_s)
    paths = [codebook_path(sounds[i], learned.codes[i], ages_s) for i in chosen]
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
            "sounds": [
                *space.card.sounds,
                *(sound_entry(sounds[i], key) for i, key in chosen.items()),
            ],
        }
    )
    return card, {key: np.asarray(array, np.float32) for key, array in arrays.items()}


def _sources(space: Space) -> list[Source]:
    """Tell the sources of a space, of an older one by its provenance."""
    card = space.card
    older = Source(name=card.name, licence=card.licence, provenance=card.provenance)
    return list(card.sources) or [older]


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
