"""Telemetry: what the audio thread tells the rest of the program, without ever waiting for it."""

from dataclasses import dataclass
from typing import Any, Final

from synth.engine.layout import FREE, Records

MAX_TRIES: Final = 1000
"""Writing takes a few microseconds: an engine that seems to write for so long writes no more."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The engine at one moment; levels are ratios of full scale, loads shares of the deadline."""

    frame: int
    time_ns: int
    n_held: int
    n_voices: int
    dropouts: int
    late_events: int
    stolen: int
    shed: int
    non_finite: int
    peak: float
    limiter_gain: float
    load: float
    load_max: float
    lead_frames: int
    pace: int
    voices: Records
    """The sounding voices, a copy, fields of `layout.VIEW`."""


def read(view: Records) -> Snapshot:
    """Read one whole snapshot of a living engine, from any thread but the audio thread."""
    while (whole := read_whole(view)) is None:
        pass
    return whole


def read_whole(view: Records) -> Snapshot | None:
    """Read one whole snapshot; None when none can be had, since the engine died while it wrote.

    This is the reader's half of the sequence lock in plain Python: a copy counts only when the
    sequence was even and unchanged around it.
    """
    for _ in range(MAX_TRIES):
        before = int(view["sequence"][0, 0])
        copy: Any = view[0].copy()
        if before % 2 == 0 and int(view["sequence"][0, 0]) == before:
            return _snapshot(copy)
    return None


def _snapshot(copy: Any) -> Snapshot:  # noqa: ANN401  # a record of numpy's
    numbers = {
        name: copy[name].item()
        for name in Snapshot.__dataclass_fields__
        if name not in ("voices", "sequence")
    }
    return Snapshot(**numbers, voices=copy["voices"][copy["voices"]["status"] != FREE].copy())
