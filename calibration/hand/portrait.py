"""A portrait: what was measured of a hand, in a player's words."""

from typing import Final

from mapper.curve import Curve, look_up
from mapper.hand import Hand

LEVELS: Final = (("soft", 0.25), ("medium", 0.5), ("hard", 0.75))
BENDS_DIFFER: Final = (
    "so the bend ranges differ; set your controller's to 48 semitones for each finger"
)


def portrait(hand: Hand) -> list[str]:
    """Say what was measured, a sentence for each thing; what was not is left out."""
    lines = [f"{hand.player} on {hand.controller}, measured {hand.measured or 'at some time'}."]
    lines += [
        line
        for name in ("press", "strike", "lift", "slide")
        if (line := _curve_in_words(name, getattr(hand, name)))
    ]
    leak = hand.cross_talk
    if leak.press_by_slide or leak.slide_by_press or leak.glide_by_press_semitones:
        lines.append(
            f"Sliding all the way adds {leak.press_by_slide:+.0%} of press, full press adds "
            f"{leak.slide_by_press:+.0%} of slide and {100 * leak.glide_by_press_semitones:+.0f} "
            "cents; both are taken out."
        )
    return lines + _habits_in_words(hand)


def _habits_in_words(hand: Hand) -> list[str]:
    lines = []
    if vibrato := hand.vibrato:
        lines.append(
            f"Vibrato: {vibrato.rate_hz:.1f} Hz by {vibrato.axis}, "
            f"±{100 * vibrato.extent_semitones:.0f} cents, press ±{vibrato.press_wobble:.0%}."
        )
    if hand.lag_s is not None:
        lines.append(f"A sound is answered after {1000 * hand.lag_s:.0f} ms.")
    if hand.rest.press > 0.0:
        lines.append(
            f"Kept still, press wanders by ±{hand.rest.press:.1%}, "
            f"{hand.rest.tremor:.1%} of it tremor."
        )
    if bend := hand.bend:
        verdict = "so the bend ranges agree" if bend.agrees else BENDS_DIFFER
        lines.append(
            f"A glide of {bend.asked_semitones:+.0f} semitones arrived as "
            f"{bend.reached_semitones:+.1f}, {verdict}."
        )
    return lines


def _curve_in_words(name: str, curve: Curve) -> str:
    if curve.is_straight:
        return f"{name.capitalize()} is taken as it comes."
    said = ", ".join(f"{word} {_raw_at(curve, even):.0%}" for word, even in LEVELS)
    turned = ", turned round" if curve.mean_slope < 0 else ""
    low, high = curve.raw[0], curve.raw[-1]
    return f"{name.capitalize()} runs from {low:.0%} to {high:.0%}{turned}: {said}."


def _raw_at(curve: Curve, even: float) -> float:
    """Find what the controller says where the curve comes nearest to a value."""
    cells = len(curve.table) - 2
    nearest = min(range(cells + 1), key=lambda cell: abs(look_up(curve.table, cell / cells) - even))
    return nearest / cells
