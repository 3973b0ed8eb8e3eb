"""The whole making of a space, stage by stage; what a stage has finished is not done again."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from platformdirs import user_cache_path

from synth.space import Space, save_space
from synth.training.codebook import choose, make_codebook
from synth.training.corpus import SOUNDFONT, Note, read_corpus, render_corpus
from synth.training.evaluate import evaluate
from synth.training.export import make_card, space_arrays
from synth.training.features import VERSION, Features, load_features, measure
from synth.training.train import statistics, train

FLUID_PROVENANCE: Final = [
    "Rendered with FluidSynth from FluidR3_GM.sf2, the Fluid soundfont (MIT licence)",
    "Copyright 2000-2002, 2008 Frank Wen; copyright 2008 Toby Smithe",
]
N_STATISTIC_NOTES: Final = 1500
"""Notes, spread over the corpus, from which whitening and bounds are measured."""

Report = Callable[[str, float, str], None]
"""Told a stage's name, the share of it that is done, and a few words."""


def silent(stage: str, share: float, words: str) -> None:
    """Report to nobody."""


def make_space(
    corpus: Path | None,
    out: Path,
    *,
    seed: int = 0,
    minutes: float = 25.0,
    resume: bool = True,
    report: Report = silent,
) -> Space:
    """Make a space from a corpus, or from the Fluid soundfont if none is given.

    Parameters
    ----------
    corpus
        A folder in NSynth's layout (`synth.training.corpus`).
    out
        The space's file; its checkpoint lies beside it until it is finished.
    seed
        Of initial weights and batches.
    minutes
        Processor time for training, of one core.
    resume
        Go on from the checkpoint, if there is one.
    report
        Told about progress.

    Raises
    ------
    CorpusError, SoundfontError
        When there is nothing to learn from.
    """
    folder = corpus if corpus is not None else _rendered(report)
    cache = _cache_for(folder)
    notes = measure(read_corpus(folder), cache, progress=_share(report, "analyse"))
    learned = [note for note in notes if note.split == "train"]
    features = [load_features(note, cache) for note in learned]
    out.parent.mkdir(parents=True, exist_ok=True)
    checkpoint = out.with_suffix(".checkpoint")
    model = train(
        learned, features, checkpoint,
        minutes=minutes, seed=seed, resume=resume,
        report=lambda share, losses: report("train", share, _words(losses)),
    )  # fmt: skip
    report("export", 0.0, "")
    scale = statistics(features)[0]
    arrays = space_arrays(model, features[:: max(1, len(features) // N_STATISTIC_NOTES)], scale)
    named = choose([note for note in notes if note.split != "valid"])
    known = dict(zip(learned, features, strict=True))
    sounds = [known.get(note) or load_features(note, cache) for note in named]
    encoder = {key: array for key, array in arrays.items() if key.startswith("encoder.")}
    codebook = make_codebook(named, sounds, encoder, scale)
    arrays |= {"codebook.codes": codebook.codes, "codebook.loudness_db": codebook.loudness_db}
    card = make_card(out.stem, codebook, scale, *_provenance(corpus))
    save_space(out, card, arrays)
    table = evaluate(Space.load(out), notes, cache, progress=_share(report, "evaluate"))
    save_space(out, card.model_copy(update={"evaluation": table}), arrays)
    return Space.load(out)
