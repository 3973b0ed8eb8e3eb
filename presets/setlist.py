"""A setlist: presets in the order in which they are played, each with its gain and transposition."""

from collections.abc import Sequence
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapper.complaint import complaint
from presets.card import Line, Name
from presets.refusal import PresetError

FORMAT: Final = "embouchure-setlist-1"
MAX_ENTRIES: Final = 128
"""As many as a controller's program changes can ask for."""


class SetlistEntry(BaseModel):
    """One preset of a setlist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: Name
    title: Line | None = None
    """What the player calls it, such as the song it is for."""
    gain_db: float = Field(0.0, ge=-24, le=12)
    """On top of the preset's own."""
    transpose_semitones: int = Field(0, ge=-36, le=36)

    @property
    def called(self) -> str:
        """The title, or without one the preset's name."""
        return self.title or self.preset


class Setlist(BaseModel):
    """Entries in their order; places count from 1, as players do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["embouchure-setlist-1"] = FORMAT
    name: Name
    entries: tuple[SetlistEntry, ...] = Field((), max_length=MAX_ENTRIES)

    def with_entry(self, entry: SetlistEntry, place: int | None = None) -> Self:
        """Return the setlist with one more entry, at a place or at the end.

        Raises
        ------
        PresetError
            When it is full, or there is no such place.
        """
        if len(self.entries) == MAX_ENTRIES:
            raise PresetError(f"{self.name} is full; a setlist has at most {MAX_ENTRIES} entries")
        end = len(self.entries) + 1
        at = self._index(end if place is None else place, end)
        return self._with([*self.entries[:at], entry, *self.entries[at:]])

    def without(self, place: int) -> Self:
        """Return the setlist without the entry at a place.

        Raises
        ------
        PresetError
            When there is no such place.
        """
        at = self._index(place, len(self.entries))
        return self._with([*self.entries[:at], *self.entries[at + 1 :]])

    def moved(self, place: int, to: int) -> Self:
        """Return the setlist with one entry moved to another place.

        Raises
        ------
        PresetError
            When there is no such place.
        """
        entry = self.entries[self._index(place, len(self.entries))]
        self._index(to, len(self.entries))
        return self.without(place).with_entry(entry, to)

    def changed(self, place: int, **fields: object) -> Self:
        """Return the setlist with other fields of the entry at a place.

        Raises
        ------
        PresetError
            When there is no such place, or a value is not allowed.
        """
        at = self._index(place, len(self.entries))
        entry = make_entry(**{**self.entries[at].model_dump(), **fields})
        return self._with([*self.entries[:at], entry, *self.entries[at + 1 :]])

    def _with(self, entries: Sequence[SetlistEntry]) -> Self:
        return self.model_copy(update={"entries": tuple(entries)})

    def _index(self, place: int, last: int) -> int:
        if not 1 <= place <= last:
            known = f"1 to {last}" if last else "none, as it is empty"
            raise PresetError(f"{self.name} has no place {place}; choose from {known}")
        return place - 1


def make_entry(**fields: object) -> SetlistEntry:
    """Make an entry.

    Raises
    ------
    PresetError
        When a value is not allowed.
    """
    try:
        return SetlistEntry.model_validate(fields)
    except ValidationError as error:
        raise PresetError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """Say in one line what the first wrong field is."""
    wrong = complaint(error)
    return f"its {wrong.place or 'text'} is not allowed ({wrong.words()}); choose another"
