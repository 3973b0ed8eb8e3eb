"""Evaluating: space files against a corpus, with a page for each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from embouchure.errors import ProgramError
from embouchure.space_file import load_space
from mapper.whole_file import write_whole
from presets.caches import place_of_sounds
from presets.caching import build_cache_of_sounds, has_cache_of_all_sounds
from synth.space import Space
from synth.training.corpora.fluid import render_fluid
from synth.training.corpus import read_corpus, thin
from synth.training.evaluation.evaluate import (
    N_NOTES,
    Corpus,
    Others,
    evaluate,
)
from synth.training.evaluation.figures import Evaluation, Figures
from synth.training.evaluation.looked_up import LookedUp
from synth.training.evaluation.moves import N_PAIRS, measure_moves
from synth.training.evaluation.page import write_page
from synth.training.evaluation.pictures import check_can_draw
from synth.training.evaluation.seeds import described_spreads
from synth.training.places import analysis_folder, scores_folder, teacher_path
from synth.training.report import Report, counted

FACTORY: Final = "factory"


def open_corpus(folder: Path | None, report: Report) -> Corpus:
    """Read a corpus, or render that of the space that comes with the program.

    Raises
    ------
    CorpusError, SoundfontError
        When there is none, and none can be rendered.
    """
    folder = folder or render_fluid(counted(report, "render"))
    return Corpus(
        name=folder.name,
        notes=thin(read_corpus(folder)),
        cache=analysis_folder(folder),
        store=scores_folder(),
    )


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be evaluated, by what, and where the page goes.

    Attributes
    ----------
    spaces
        Files, or None for the space that comes with the program.
    corpus
        A folder in NSynth's layout, or None for that of the space that comes with the program.
    teacher
        A space file with the decoder that the spaces learned from; without it the one that
        training left beside each, if it is still there.
    n_pairs
        Pairs of instruments between which the space is moved in; 0 leaves that out.
    with_cached
        Judge the decoder that was evaluated in advance for the space's sounds, too; where there is
        none for all of them, it is built.
    folder
        Where to write figures, a page, sounds and pictures; of several spaces each has a folder of
        its own in it, by its file's name, and `seeds.json` tells how they differ.
    """

    spaces: Sequence[Path | None] = (None,)
    corpus: Path | None = None
    teacher: Path | None = None
    folder: Path | None = None
    n_notes: int = N_NOTES
    n_pairs: int = N_PAIRS
    with_cached: bool = False
    n_jobs: int = -1

    def folder_of(self, index: int) -> Path | None:
        """Where the page of one of the spaces goes."""
        if self.folder is None or len(self.spaces) == 1:
            return self.folder
        names = [path.stem if path else FACTORY for path in self.spaces]
        again = names[:index].count(names[index])
        return self.folder / (f"{names[index]}-{again + 1}" if again else names[index])

    def teacher_of(self, index: int) -> Space | None:
        """Load the teacher of one of the spaces."""
        path = self.spaces[index]
        beside = teacher_path(path) if path else None
        found = self.teacher or (beside if beside and beside.exists() else None)
        return load_space(found) if found else None


def evaluate_files(
    request: Request, report: Report = lambda stage, share, words: None
) -> list[Evaluation]:
    """Evaluate spaces on one corpus.

    Raises
    ------
    SpaceError, CorpusError, SoundfontError, PictureError
        When there is nothing to evaluate or nothing to evaluate it by.
    ProgramError
        When the folder cannot be written to.
    """
    if request.folder:
        check_can_draw()
        _make(request.folder)
    spaces = [load_space(path) for path in request.spaces]
    corpus = open_corpus(request.corpus, report)
    found: list[Evaluation] = []
    for index, space in enumerate(spaces):
        heard = evaluate(
            space,
            corpus,
            others=_others(space, request.teacher_of(index), request, report),
            n_notes=request.n_notes,
            n_jobs=request.n_jobs,
            report=report,
        )
        if request.n_pairs:
            heard = heard.with_moves(_moves(space, corpus, request, report))
        found.append(heard.evaluation)
        if folder := request.folder_of(index):
            write_page(heard, corpus.cache, folder, counted(report, "draw"))
    if request.folder and len(found) > 1:
        described = json.dumps(described_spreads(found), indent=1)
        write_whole(request.folder / "seeds.json", described.encode(), keeps_old=False)
    return found


def _make(folder: Path) -> None:
    """Make the folder of the pages before anything is measured for them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ProgramError(
            f"no page can be written to {folder} ({error.strerror}); choose another folder"
        ) from None


def _others(space: Space, teacher: Space | None, request: Request, report: Report) -> Others:
    if not request.with_cached:
        return Others(teacher=teacher)
    place = place_of_sounds(space.sha256)
    if not has_cache_of_all_sounds(space):
        build_cache_of_sounds(space, tell=counted(report, "cache"))
    cached = LookedUp(path=place, space=space)
    return Others(teacher=teacher, cached=cached, cached_tag=cached.tag)


def _moves(space: Space, corpus: Corpus, request: Request, report: Report) -> Figures:
    return measure_moves(
        space,
        corpus.store,
        n_pairs=request.n_pairs,
        n_jobs=request.n_jobs,
        progress=counted(report, "move"),
    )
