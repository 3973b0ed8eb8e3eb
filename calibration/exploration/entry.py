"""Entries: what is told of found sounds, to a person, a script or a page."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from calibration.exploration.candidate import Candidate
from calibration.exploration.description import Description
from calibration.exploration.exploration import Exploration, resume
from calibration.exploration.shelf import ExplorationError, exploration_names


class Entry(BaseModel):
    """One sound of an exploration."""

    model_config = ConfigDict(frozen=True)

    number: int
    recipe: str
    """What it is made of."""
    words: str
    """What sets it apart from the others."""
    starred: bool
    children: tuple[int, ...]
    """Numbers of the sounds that were bred from it."""
    candidate: Candidate
    description: Description
    preview: str
    """Path of its preview."""


class Summary(BaseModel):
    """One exploration."""

    model_config = ConfigDict(frozen=True)

    name: str
    wanted: int
    kept: int
    bred: int
    refused: int
    starred: int
    pages: int
    """How many pages were shown."""
    size_bytes: int
    folder: str

    @property
    def is_complete(self) -> bool:
        """Whether as many sounds are there as were wanted."""
        return self.kept >= self.wanted


def entries(exploration: Exploration, numbers: Sequence[int]) -> list[Entry]:
    """Tell about sounds by their numbers.

    Raises
    ------
    ExplorationError
        When there is none of a number.
    """
    starred = exploration.choices.starred()
    return [_entry(exploration, number, starred) for number in numbers]


def _entry(exploration: Exploration, number: int, starred: Sequence[int]) -> Entry:
    one = exploration.sound(number)
    children = (c.number for c in exploration.found if number in c.candidate.parents)
    return Entry(
        number=number,
        recipe=one.candidate.recipe,
        words=exploration.vocabulary.words(one.description),
        starred=number in starred,
        children=tuple(children),
        candidate=one.candidate,
        description=one.description,
        preview=str(exploration.archive.preview_path(one.candidate)),
    )


def summary(exploration: Exploration) -> Summary:
    """Tell how far an exploration is."""
    archive = exploration.archive
    return Summary(
        name=exploration.settings.name,
        wanted=exploration.settings.count,
        kept=archive.n_kept(),
        bred=archive.n_kept(bred=True),
        refused=archive.n_refused(),
        starred=len(exploration.choices.starred()),
        pages=len(exploration.choices.pages()),
        size_bytes=archive.size_bytes(),
        folder=str(archive.folder),
    )


def summaries() -> tuple[list[Summary], list[str]]:
    """Tell about every exploration, the one last worked on first, and what is wrong with any."""
    told, troubles = [], []
    for name in exploration_names():
        try:
            exploration = resume(name)
            told.append(summary(exploration))
            exploration.archive.close()
        except ExplorationError as error:
            troubles.append(str(error))
    return told, troubles
