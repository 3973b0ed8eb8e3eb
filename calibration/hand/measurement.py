"""Measurement: a sitting of what a player did on request becomes their hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from calibration.hand.habits import bend_of, lag_of, vibrato_of
from calibration.hand.leaks import cross_talk_of, without_leaks
from calibration.hand.response import (
    LIFTED_LEVELS,
    STRUCK_LEVELS,
    Ramp,
    levels_curve,
    press_curve,
    range_of,
    slide_curve,
)
from calibration.hand.sitting import Sitting
from calibration.hand.steadiness import held_part, rest_of, wire_of
from mapper.complaint import complaint
from mapper.curve import STRAIGHT, Curve
from mapper.gestures import Gesture
from mapper.hand import CrossTalk, Hand, HandError, Range

Array = NDArray[np.float64]

CENTRE: Final = 0.5


def measure(
    sitting: Sitting, *, player: str, controller: str, slide_continues_press: bool = False
) -> Hand:
    """Measure a hand; what the sitting lacks is taken as it comes.

    Parameters
    ----------
    slide_continues_press
        As the controller's profile says: its slide is then left alone, as it rests at the centre.

    Raises
    ------
    HandError
        When neither press nor strikes were measured, or what was measured is no hand.
    """
    if not (sitting.swells or all(sitting.strikes)):
        raise HandError("neither press nor strikes were measured; begin again")
    try:
        return _measured(sitting, player, controller, slide_continues_press)
    except ValidationError as error:
        raise HandError(
            f"what was measured is no hand ({complaint(error).words()}); begin again, more evenly"
        ) from None


def _measured(
    sitting: Sitting,
    player: str,
    controller: str,
    slide_continues_press: bool,  # noqa: FBT001
) -> Hand:
    wire = wire_of(sitting.touches())
    cross_talk = CrossTalk()
    if not slide_continues_press:
        cross_talk = cross_talk_of(sitting.swells, sitting.sweeps)
        sitting = sitting.changed(lambda touch: without_leaks(touch, cross_talk))
    sweeps = [] if slide_continues_press else sitting.sweeps
    return Hand(
        player=player,
        controller=controller,
        measured=datetime.now().astimezone().isoformat(timespec="seconds"),
        press=_press(sitting, wire.press_step),
        slide=_slide(sweeps, sitting),
        strike=_levels([[one.strike for one in level] for level in sitting.strikes], STRUCK_LEVELS),
        lift=_levels([[one.lift for one in level] for level in sitting.lifts], LIFTED_LEVELS),
        press_range=_range(_ramps(sitting.swells, "press")),
        slide_range=_range(_ramps(sweeps, "slide")),
        cross_talk=cross_talk,
        wire=wire,
        rest=rest_of([hold for level in sitting.holds for hold in level]),
        vibrato=vibrato_of(sitting.vibratos),
        lag_s=lag_of(sitting.answers_s),
        bend=bend_of(sitting.bend),
    )


def rewarm(hand: Hand, sitting: Sitting) -> Hand:
    """Bring a hand to where its player's range is today; the shapes of its curves stay.

    Raises
    ------
    HandError
        When there is no swell to go by.
    """
    if not sitting.swells:
        raise HandError("no press was measured; begin again")
    today = _range(_ramps(sitting.swells, "press"))
    stretched = [_stretched(raw, hand.press_range, today) for raw in hand.press.raw[1:-1]]
    knots = [0.0, *stretched, max(today.high, hand.press.raw[1] if not stretched else 0.0)]
    raw, even = _rising(knots, hand.press.even)
    changed = {
        "press": Curve(raw=raw, even=even),
        "press_range": today,
        "rest": rest_of([hold for level in sitting.holds for hold in level]),
        "measured": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    return Hand.model_validate(hand.model_dump() | changed)


def _stretched(raw: float, old: Range, new: Range) -> float:
    share = (raw - old.low) / max(old.high - old.low, 1e-6)
    return float(np.clip(new.low + share * (new.high - new.low), 0.0, 1.0))


def _rising(raw: Sequence[float], even: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """Keep the knots that still rise; the first and the last stay."""
    kept = [(raw[0], even[0])]
    for knot in zip(raw[1:-1], even[1:-1], strict=True):
        if kept[-1][0] + 1e-4 < knot[0] < raw[-1] - 1e-4:
            kept.append(knot)
    kept.append((raw[-1], even[-1]))
    return tuple(zip(*kept, strict=True))


def _ramps(gestures: Sequence[Gesture], name: str) -> list[Ramp]:
    return [Ramp(one.times_s, getattr(one, name)) for one in gestures]


def _press(sitting: Sitting, step: float) -> Curve:
    if not sitting.swells:
        return STRAIGHT
    held = [
        float(np.median(np.concatenate([held_part(one, one.press) for one in level])))
        for level in sitting.holds
        if level
    ]
    known = held if len(held) == len(sitting.holds) else []
    return press_curve(_ramps(sitting.swells, "press"), known, step or 1 / 127)


def _slide(sweeps: Sequence[Gesture], sitting: Sitting) -> Curve:
    if not sweeps:
        return STRAIGHT
    starts = [one.slide[0] for one in sitting.touches()]
    return slide_curve(_ramps(sweeps, "slide"), about_centre=set(starts) == {CENTRE})


def _levels(said: Sequence[Sequence[float]], levels: Sequence[float]) -> Curve:
    if not all(said):
        return STRAIGHT
    return levels_curve([float(np.median(values)) for values in said], levels)


def _range(ramps: Sequence[Ramp]) -> Range:
    if not ramps:
        return Range()
    low, high = range_of(ramps)
    return Range(low=min(low, high), high=max(low, high))
