"""Held-out notes: which notes a space is judged by, and which others of their instruments are near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from synth.training.corpus import Note

UNSEEN_SHARE: Final = 0.4
"""Least share of notes by instruments that were never heard, where there are so many."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One held-out note and notes of its instrument that were not held out with it.

    `near` is the nearest of another pitch; `below` and `above` are the nearest on either side, or
    both `near` at the end of the range.
    """

    note: Note
    near: Note
    below: Note
    above: Note

    @property
    def is_known(self) -> bool:
        """Whether the space has learned other notes of the instrument."""
        return self.note.split == "valid"

    @property
    def share_above(self) -> float:
        """How far the note lies from `below` towards `above`."""
        apart = self.above.pitch - self.below.pitch
        return (self.note.pitch - self.below.pitch) / apart if apart else 0.0

    @property
    def notes(self) -> tuple[Note, Note, Note, Note]:
        """All four."""
        return self.note, self.near, self.below, self.above


def trials(notes: Sequence[Note], n_notes: int) -> list[Trial]:
    """Choose so many held-out notes, of known instruments and of such as were never heard.

    Notes without another note of their instrument, at another pitch and not held out, drop out.
    """
    known = [note for note in notes if note.split == "valid"]
    unseen = [note for note in notes if note.split == "test"]
    n_unseen = min(len(unseen), max(n_notes - len(known), round(UNSEEN_SHARE * n_notes)))
    chosen = stratified(known, n_notes - n_unseen) + stratified(unseen, n_unseen)
    others = _by_instrument(note for note in notes if note.split != "valid")
    found = (_trial(note, others.get(note.instrument, [])) for note in chosen)
    return [trial for trial in found if trial is not None]


def stratified(notes: Sequence[Note], n_notes: int) -> list[Note]:
    """Choose notes evenly over instruments, then pitches, then velocities."""
    ordered = sorted(notes, key=lambda note: (note.instrument, note.pitch, note.velocity))
    if len(ordered) <= n_notes:
        return ordered
    return [ordered[int(i)] for i in np.linspace(0, len(ordered) - 1, n_notes)]


def _by_instrument(notes: Iterable[Note]) -> dict[str, list[Note]]:
    groups: dict[str, list[Note]] = {}
    for note in notes:
        groups.setdefault(note.instrument, []).append(note)
    return groups


def _trial(note: Note, others: Sequence[Note]) -> Trial | None:
    below = _nearest(note, [other for other in others if other.pitch < note.pitch])
    above = _nearest(note, [other for other in others if other.pitch > note.pitch])
    near = _nearest(note, [other for other in (below, above) if other])
    if near is None:
        return None
    if below is None or above is None:
        below = above = near
    return Trial(note=note, near=near, below=below, above=above)


def _nearest(note: Note, others: Sequence[Note]) -> Note | None:
    """Find the nearest in pitch, among those the nearest in velocity."""
    return min(
        others,
        key=lambda other: (abs(other.pitch - note.pitch), abs(other.velocity - note.velocity)),
        default=None,
    )
