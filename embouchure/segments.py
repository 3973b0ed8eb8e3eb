"""Segments: what each engine of a session played, read from its journal."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from embouchure.errors import ProgramError
from embouchure.journal import FORMAT, Line, read_details, read_lines, unpack_events
from embouchure.kernel_cache import kernel_version
from synth.engine.engine import BLOCK_FRAMES, Event

MAX_LENGTH_S: Final = 24 * 3600.0
RATES_HZ: Final = (8_000.0, 384_000.0)

FIELD_FORMATS: Final = frozenset({"<i8", "<i4", "<f4", "|V4"})
"""What the fields of an event may be; between them may be gaps."""

Numbers = tuple[float, ...]
Packed = dict[int, dict[str, str]]
"""By slot: a preset's name, its file and its target's, as `embouchure.cues.pack_tone` has them,
and the key of the cache that it was played from, if any."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """What one engine played, from its frame 0 on or from where its journal begins.

    `n_lost` counts what is missing: events that housekeeping missed, and damaged lines.
    """

    rate_hz: float
    kernels: str
    space: str
    steps: tuple["Step", ...]
    end_frame: int | None
    n_lost: int

    def doubt(self) -> str:
        """Say why the replay may not give every sample as it was heard; nothing when it does."""
        if self.n_lost:
            return f"{self.n_lost} events or lines of the journal are missing"
        if self.kernels != kernel_version():
            return "it was played by another version of the program"
        if self.end_frame is None:
            return "the engine was lost, so its last moment is missing and a tail sounds instead"
        return ""

    def n_frames(self, tail_s: float) -> int:
        """Length of its sound: to its end, or where that is unknown to a tail after the last event."""
        if self.end_frame is not None:
            return self.end_frame
        last = max((event[0] for step in self.steps for event in step.events), default=0)
        return int(last) + round(tail_s * self.rate_hz)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Presets that were put into slots, and the events that acted after that."""

    presets: Packed
    events: list[Numbers]


def read_segments(journal: Path) -> list[Segment]:
    """Read what each engine of a session played.

    Raises
    ------
    ProgramError
        When it cannot be read, is no journal or of the first format, which held messages only.
    """
    try:
        details, lines = read_details(journal), list(read_lines(journal))
    except OSError as error:
        raise ProgramError(
            f"{journal} cannot be read ({error.strerror}); give a take's journal"
        ) from None
    if details.get("format") != FORMAT:
        raise ProgramError(
            f"{journal} is not a journal of format {FORMAT}; give one, or render the take's MIDI file"
        )
    starts = [place for place, line in enumerate(lines) if line.word == "segment"]
    if not starts:
        raise ProgramError(f"{journal} says of no engine what it played; render its MIDI file")
    ends = [*starts[1:], len(lines)]
    return [
        _segment(journal, lines[a], lines[a + 1 : b]) for a, b in zip(starts, ends, strict=True)
    ]


def _segment(journal: Path, first: Line, lines: list[Line]) -> Segment:
    told = _fields(first.text) or {}
    rate_hz, block_frames = told.get("rate_hz"), told.get("block_frames")
    if not isinstance(rate_hz, int | float) or not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise ProgramError(f"{journal} is damaged where it says its rate; render the MIDI file")
    if block_frames != BLOCK_FRAMES:
        raise ProgramError(
            f"{journal} was played in blocks of {block_frames} frames, and this program plays in "
            f"{BLOCK_FRAMES}; render its MIDI file"
        )
    reader = _Reader(rate_hz, _event_layout(journal, told.get("event")))
    for line in lines:
        reader.take(line)
    return Segment(
        rate_hz=float(rate_hz),
        kernels=str(told.get("kernels")),
        space=str(told.get("space_sha256")),
        steps=tuple(reader.steps),
        end_frame=reader.end_frame,
        n_lost=reader.n_lost,
    )


def _event_layout(journal: Path, told: object) -> np.dtype[np.void]:
    """Make out how the journal packs its events; a later program may add fields, not leave out any."""
    try:
        fields = [(str(name), str(form)) for name, form in told]  # type: ignore[attr-defined]
        layout = np.dtype(fields)
    except (TypeError, ValueError):
        fields, layout = [], np.dtype([])
    known = {form for _, form in fields} <= FIELD_FORMATS
    if not known or not set(Event._fields) <= set(layout.names or ()):
        raise ProgramError(
            f"{journal} holds events that this program cannot read; render its MIDI file, or "
            "install the version that it was played with"
        )
    return layout


class _Reader:
    """Gathers the lines of one segment."""

    def __init__(self, rate_hz: float, layout: np.dtype[np.void]) -> None:
        self._layout = layout
        self.steps: list[Step] = []
        self.end_frame: int | None = None
        self.n_lost = 0
        self._last_frame = MAX_LENGTH_S * rate_hz
        self._first_frame = 0
        self._presets: Packed = {}

    def take(self, line: Line) -> None:
        """Take one line; a damaged one counts as lost."""
        reading = getattr(self, f"_on_{line.word}", None)
        if not reading:
            return
        try:
            reading(line.text)
        except (ValueError, KeyError, TypeError):
            self.n_lost += 1

    def _on_preset(self, text: str) -> None:
        told = json.loads(text)
        files = {"file": str(told["file"]), "target": str(told.get("target", ""))}
        for file in files.values():
            base64.b64decode(file, validate=True)
        named = {"name": str(told["name"]), "cache": str(told.get("cache", ""))}
        self._presets[int(told["slot"])] = {**named, **files}

    def _on_events(self, text: str) -> None:
        records = np.frombuffer(unpack_events(text), self._layout)
        events = records[list(Event._fields)].tolist()
        if not all(0 <= event[0] <= self._last_frame for event in events):
            raise ValueError("no frame lies there")
        moved = [(max(0, event[0] - self._first_frame), *event[1:]) for event in events]
        self.steps.append(Step(presets=self._presets, events=moved))
        self._presets = {}

    def _on_lost(self, text: str) -> None:
        self.n_lost += int(text)

    def _on_begin(self, text: str) -> None:
        if 0 <= int(text) <= self._last_frame:
            self._first_frame = int(text) // BLOCK_FRAMES * BLOCK_FRAMES

    def _on_end(self, text: str) -> None:
        if self._first_frame <= int(text) <= self._last_frame:
            self.end_frame = int(text) - self._first_frame


def _fields(text: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
