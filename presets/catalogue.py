"""The catalogue: every preset there is, with what can be searched for."""

from collections.abc import Iterable
from dataclasses import dataclass

from presets import store
from presets.archive import CARD, Archive
from presets.card import PresetCard
from presets.marks import read_marks
from presets.migration import read_card
from presets.refusal import PresetError


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A preset as a list shows it; `description` says what is wrong with one that cannot be opened."""

    name: str
    description: str
    tags: tuple[str, ...] = ()
    is_factory: bool
    is_favourite: bool
    can_be_opened: bool = True

    def holds(self, words: Iterable[str]) -> bool:
        """Whether every word is in the name, the description or a tag, large or small."""
        text = " ".join((self.name, self.description, *self.tags)).lower()
        return all(word.lower() in text for word in words)


def read_card_of(name: str) -> PresetCard:
    """Read a preset's card by its name and leave its arrays packed.

    Raises
    ------
    PresetError
        When there is no such preset, or its card cannot be read.
    """
    source = store.find(name)
    try:
        with Archive.open(source) as archive:
            return read_card(archive.read(CARD))
    except PresetError as error:
        raise PresetError(f"the preset {name} cannot be opened: {error}") from None


def entry(name: str) -> Entry:
    """Describe a preset; one damaged file must not hide the rest."""
    marks, is_factory = read_marks(name), name in store.factory_names()
    try:
        card = read_card_of(name)
    except PresetError as error:
        return Entry(
            name=name,
            description=str(error),
            is_factory=is_factory,
            is_favourite=marks.is_favourite,
            can_be_opened=False,
        )
    return Entry(
        name=name,
        description=card.description,
        tags=tuple(dict.fromkeys((*card.tags, *marks.tags))),
        is_factory=is_factory,
        is_favourite=marks.is_favourite,
    )


def entries() -> list[Entry]:
    """Describe every preset, the factory's first."""
    return [entry(name) for name in store.names()]


def search(
    text: str = "", tags: Iterable[str] = (), *, favourites_only: bool = False
) -> list[Entry]:
    """Find presets that hold every word of a text and have every one of these tags."""
    wanted = set(tags)
    return [
        found
        for found in entries()
        if found.holds(text.split())
        and wanted <= set(found.tags)
        and (found.is_favourite or not favourites_only)
    ]
