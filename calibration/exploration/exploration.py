"""An exploration: begin it or go on with it, turn its pages, star what is liked, breed from that."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from calibration.exploration.archive import Archive, Found, write_preview
from calibration.exploration.breeding import Breeder
from calibration.exploration.choices import Choices
from calibration.exploration.description import Vocabulary
from calibration.exploration.generation import Progress, drawn, render_waiting
from calibration.exploration.index import Index
from calibration.exploration.pages import PAGE_SIZE, next_page
from calibration.exploration.palette import Palette
from calibration.exploration.preview import palette_of, phrase_on, preview_on
from calibration.exploration.shelf import (
    INDEX,
    ExplorationError,
    Settings,
    exploration_names,
    explorations_folder,
)
from calibration.exploration.spread import nearest_db
from presets.names import check_name
from presets.spaces import factory_space
from synth.space import Space
from synth.training.staff import Staff

USUAL_COUNT: Final = 1500
USUAL_NOTE: Final = 60.0


def begin(
    name: str,
    *,
    seed: int = 0,
    count: int = USUAL_COUNT,
    note: float = USUAL_NOTE,
    space: Space | None = None,
) -> "Exploration":
    """Begin an exploration: its candidates are drawn and put in order, nothing is rendered yet.

    Raises
    ------
    ExplorationError
        When there is one of that name.
    PresetError
        When it is no name that can be used.
    """
    folder = explorations_folder() / check_name(name)
    if (folder / INDEX).exists():
        raise ExplorationError(f"there is an exploration {name} already; choose another name")
    sha256 = (space or factory_space()).sha256
    settings = Settings(name=name, seed=seed, count=count, note=note, space_sha256=sha256)
    candidates = drawn(palette_of(sha256), seed, count, note)
    return Exploration(Index.create(folder, settings, candidates))


def resume(name: str | None = None) -> "Exploration":
    """Open an exploration by name, or the one last worked on.

    Raises
    ------
    ExplorationError
        When there is none.
    """
    known = exploration_names()
    if name is None and not known:
        raise ExplorationError(
            "there is no exploration yet; begin one with `embouchure explore new`"
        )
    name = check_name(name or known[0])
    if name not in known:
        raise ExplorationError(
            f"there is no exploration {name} (there are: {', '.join(known) or 'none yet'}); begin one "
            "with `embouchure explore new`"
        )
    return Exploration(Index(explorations_folder() / name))


class Exploration:
    """One exploration; for one thread at a time, any number of programs in turn."""

    def __init__(self, index: Index) -> None:
        self.settings = index.settings
        self.archive = Archive(index)
        self.choices = Choices(index)
        self._found: list[Found] | None = None

    @cached_property
    def palette(self) -> Palette:
        """The instruments its sounds are made of."""
        return palette_of(self.settings.space_sha256)

    @property
    def found(self) -> list[Found]:
        """Every sound that was rendered and kept, in order of number."""
        if self._found is None:
            self._found = self.archive.found()
        return self._found

    def render(self, progress: Progress, staff: Staff | None = None) -> None:
        """Render what is still waiting until there are as many sounds as were wanted.

        It may be interrupted or killed at any moment: what was rendered is kept.

        Parameters
        ----------
        progress
            Told how many sounds are kept and how many are wanted.
        staff
            Who renders; without it one process for each processor.
        """
        self._found = None
        render_waiting(self.archive, progress, staff or Staff())

    def sound(self, number: int) -> Found:
        """Find a sound by its number.

        Raises
        ------
        ExplorationError
            When there is none.
        """
        for one in self.found:
            if one.number == number:
                return one
        raise ExplorationError(
            f"there is no sound {number} in {self.settings.name}; "
            "choose a number that `embouchure explore show` shows"
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Words for what is unusual among its sounds."""
        return Vocabulary([one.description for one in self._some()])

    def _some(self) -> list[Found]:
        if not self.found:
            raise ExplorationError(
                f"{self.settings.name} has no sounds yet; "
                f"run `embouchure explore new {self.settings.name}` to render them"
            )
        return self.found

    def page(self) -> list[int]:
        """Return the page shown last, or the first one."""
        pages = self.choices.pages()
        return pages[-1] if pages else self.turn()

    def turn(self) -> list[int]:
        """Choose the next page and remember that it was shown.

        Raises
        ------
        ExplorationError
            When every sound was shown.
        """
        numbers = next_page(self._some(), self.choices.starred(), self.choices.pages())
        if not numbers:
            raise ExplorationError(
                f"every sound of {self.settings.name} was shown; breed from those you like, or "
                "begin another exploration"
            )
        self.choices.show(numbers)
        return numbers

    def star(self, numbers: Sequence[int]) -> None:
        """Remember that the player likes these."""
        self.choices.star([self.sound(number).number for number in numbers])

    def unstar(self, numbers: Sequence[int]) -> None:
        """Forget it again."""
        self.choices.unstar([self.sound(number).number for number in numbers])

    def preview(self, number: int) -> Path:
        """Return the file of a sound's preview; a lost one is rendered again."""
        candidate = self.sound(number).candidate
        path = self.archive.preview_path(candidate)
        if not path.exists():
            write_preview(path, preview_on(self.palette, candidate, self.settings.note).flac)
        return path

    def phrase(self, number: int) -> Path:
        """Return the file of a sound played low, in the middle and high; rendered when asked for."""
        candidate = self.sound(number).candidate
        path = self.archive.preview_path(candidate, "phrase")
        if not path.exists():
            write_preview(path, phrase_on(self.palette, candidate))
        return path

    def spacing_db(self) -> float:
        """How far apart neighbours are, at the median."""
        return float(np.median(nearest_db(np.array([one.fingerprint for one in self._some()]))))

    def breed(self, parents: Sequence[int] = (), count: int = PAGE_SIZE) -> list[int]:
        """Breed from sounds, or from all that have a star, and show the children as a page.

        Returns
        -------
        list
            The children's numbers, at most `count` and possibly fewer: those that a guard refuses
            or that sound like one there is are left out.
        """
        chosen = sorted(set(parents or self.choices.starred()))
        if not chosen:
            raise ExplorationError(
                "nothing is starred, so there is nothing to breed from; star sounds you like, or "
                "name them"
            )
        candidates = {number: self.sound(number).candidate for number in chosen}
        seed = [self.settings.seed, len(self.found), *chosen]
        breeder = Breeder(self.palette, self.settings.note, self.spacing_db(), seed)
        marks = [one.fingerprint for one in self.found]
        numbers = self.archive.add(breeder.brood(candidates, min(count, PAGE_SIZE), marks))
        self._found = None
        if numbers:
            self.choices.show(numbers)
        return numbers
