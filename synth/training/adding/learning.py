"""Learning new sounds without losing the old: the lesson and the rehearsal, step by step."""

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synth.space import Space
from synth.training.adding.lesson import Lesson
from synth.training.adding.new_sound import NewSound
from synth.training.adding.rehearsal import Frames, Rehearsal
from synth.training.adding.student import Student, control_loss, difference_db

Array = NDArray[np.float32]
Report = Callable[[float, str], None]

N_NEW: Final = 384
N_TRANSPOSED: Final = 192
N_OLD: Final = 768
RATE_START, RATE_END = 1e-3, 1e-5
CODE_RATE: Final = 10.0
"""Codes learn so many times faster than the decoder."""
WARM_UP_STEPS: Final = 40
LARGEST_GRADIENT: Final = 5.0
TRANSPOSED_SHARE: Final = 0.5
NEAR_SHARE: Final = 0.02
"""Codes stay near those that were heard and settled, so that the encoder hears the sound again."""
SMOOTH_SHARE: Final = 0.05
WANTED_CHANGE_DB: Final = 0.055
MOST_CHANGE_DB: Final = 0.07
"""Old sounds are kept this near to what they were."""
MEMORY: Final = 0.9
HARDER, SOFTER = 1.05, 1.03
REHEARSALS: Final = (1.0, 300.0)
"""Bounds of how much the old sounds count."""
N_MEASURED: Final = 6000
REPORT_STEPS: Final = 20
STEPS_BACK: Final = tuple(np.linspace(1.0, 0.0, 21).tolist())


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What came of learning.

    Attributes
    ----------
    student
        The decoder that knows old and new.
    codes
        Of each new sound, shape (n_codes, CODE_SIZE).
    changed_db
        How far the levels of the old sounds' partials and noise lie from what they were, on average.
    """

    student: Student
    codes: list[Array]
    changed_db: float


def learn(
    space: Space,
    sounds: Sequence[NewSound],
    *,
    seconds: float,
    seed: int = 0,
    report: Report = lambda share, words: None,
) -> Learned:
    """Learn new sounds for so many seconds of one core, and rehearse the space's own.

    An interrupt (Ctrl-C) ends the learning sooner and keeps what was learned. Whatever that was, the
    old sounds in the end lie within `MOST_CHANGE_DB` of what they were.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    old, student = Student.of(space), Student.of(space)
    lesson, rehearsal = Lesson(space, sounds, old, seed), Rehearsal(space, seed)
    with suppress(KeyboardInterrupt):
        _steps(student, old, lesson, rehearsal, seconds, report)
    kept, changed_db = _within_bounds(student, old, Rehearsal(space, seed + 1))
    return Learned(student=kept, codes=lesson.codes(), changed_db=changed_db)


def _steps(
    student: Student,
    old: Student,
    lesson: Lesson,
    rehearsal: Rehearsal,
    seconds: float,
    report: Report,
) -> None:
    groups: list[dict[str, Any]] = [
        {"params": list(student.parameters())},
        {"params": [lesson.moved]},
    ]
    optimiser = torch.optim.Adam(groups)
    weight, changed_db, steps, began_s = REHEARSALS[0] * 4, 0.0, 0, time.process_time()
    while (share := (time.process_time() - began_s) / seconds) < 1.0:
        _set_rates(optimiser, share, steps)
        new_db, transposed_db = _new_loss(student, lesson)
        old_loss, change_db = _old_loss(student, old, rehearsal.draw(N_OLD))
        loss = new_db + TRANSPOSED_SHARE * transposed_db + weight * old_loss + _calm(lesson)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(student.parameters(), LARGEST_GRADIENT)
        optimiser.step()
        steps += 1
        changed_db = MEMORY * changed_db + (1 - MEMORY) * change_db
        factor = HARDER if changed_db > WANTED_CHANGE_DB else 1 / SOFTER
        weight = min(max(weight * factor, REHEARSALS[0]), REHEARSALS[1])
        if steps % REPORT_STEPS == 0:
            report(share, f"new {new_db.item():.2f} dB, old {changed_db:.2f} dB")


def _new_loss(student: Student, lesson: Lesson) -> tuple[Tensor, Tensor]:
    own = lesson.draw(N_NEW)
    elsewhere = lesson.transposed(own)
    some = slice(0, N_TRANSPOSED)
    losses = []
    for frames in (own, type(own)(*(part[some] for part in elsewhere))):
        said = student(frames.inputs)
        error = control_loss(said, frames.meant, frames.f0_hz, frames.struck)
        losses.append((frames.weights * error).sum() / frames.weights.sum())
    return losses[0], losses[1]


def _old_loss(student: Student, old: Student, frames: Frames) -> tuple[Tensor, float]:
    """Measure what has changed, as a loss and as the average in dB."""
    inputs, f0_hz = torch.from_numpy(frames.inputs), torch.from_numpy(frames.f0_hz)
    with torch.no_grad():
        meant = old(inputs)
    said = student(inputs)
    struck = torch.from_numpy(frames.struck.astype(np.float32))
    change_db = difference_db(said.detach(), meant, f0_hz).mean().item()
    return control_loss(said, meant, f0_hz, struck).mean(), change_db


def _calm(lesson: Lesson) -> Tensor:
    """Keep codes near those that were heard and settled, and from trembling."""
    moved = lesson.moved
    return NEAR_SHARE * (moved**2).mean() + SMOOTH_SHARE * ((moved[1:] - moved[:-1]) ** 2).mean()


def _set_rates(optimiser: torch.optim.Optimizer, share: float, steps: int) -> None:
    cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
    rate = (RATE_END + (RATE_START - RATE_END) * cosine) * min(1.0, (steps + 1) / WARM_UP_STEPS)
    for group, times in zip(optimiser.param_groups, (1.0, CODE_RATE), strict=True):
        group["lr"] = rate * times


def _within_bounds(student: Student, old: Student, rehearsal: Rehearsal) -> tuple[Student, float]:
    """Go back towards the old decoder until the old sounds are near enough."""
    recorded, drawn = rehearsal.as_recorded(), rehearsal.draw(N_MEASURED)
    for share in STEPS_BACK:
        tried = _between(old, student, share)
        changed_db = max(_changed_db(tried, old, recorded), _changed_db(tried, old, drawn))
        if changed_db <= MOST_CHANGE_DB:
            return tried, changed_db
    return old, 0.0


def _between(old: Student, new: Student, share: float) -> Student:
    """Mix two decoders, as they are when they have been written to a file."""
    pairs = zip([*old.weights, *old.biases], [*new.weights, *new.biases], strict=True)
    mixed = [((1 - share) * a + share * b).detach().half().float() for a, b in pairs]
    n = len(old.weights)
    return Student(mixed[:n], mixed[n:])


@torch.no_grad()
def _changed_db(student: Student, old: Student, frames: Frames) -> float:
    inputs, f0_hz = torch.from_numpy(frames.inputs), torch.from_numpy(frames.f0_hz)
    some = slice(None, None, max(1, len(inputs) // N_MEASURED))
    said, meant = student(inputs[some]), old(inputs[some])
    return float(difference_db(said, meant, f0_hz[some]).mean())
