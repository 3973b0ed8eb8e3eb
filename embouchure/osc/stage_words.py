"""The words of OSC that blend presets and lead a calibration; what they need is loaded when they are used."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from embouchure.osc.words import Word

if TYPE_CHECKING:
    from embouchure.service.guidance import Guidance
    from embouchure.service.stage import Stage

NAME = ("name", str)


def stage_words(stage: "Stage") -> Mapping[str, Word]:
    """List the addresses below `/embouchure` that need a whole stage."""

    def morph(first: str, second: str, share: float) -> None:
        from embouchure.service.blend import Blend

        stage.shared(Blend).morph(first, second, min(1.0, max(0.0, share)))

    def compare() -> None:
        from embouchure.service.blend import Blend

        stage.shared(Blend).compare(None, None, None)

    pair = (("first", str), ("second", str), ("share", float))
    found = {
        "morph": Word(pair, morph, newest_counts=True),
        "ab": Word((), compare),
        "calibrate/hand": Word((("player", str),), _beginning(stage, "measure")),
        "calibrate/demonstration": Word((("preset", str),), _beginning(stage, "demonstrate")),
        "calibrate/refinement": Word((("preset", str),), _beginning(stage, "refine")),
        "calibrate/choose": Word((("word", str),), _guided(stage, "choose")),
        "calibrate/keep": Word((NAME,), _guided(stage, "keep")),
        "calibrate/end": Word((), _guided(stage, "end")),
    }
    return {address: word._replace(takes_long=True) for address, word in found.items()}


def _guidance(stage: "Stage") -> "Guidance":
    from embouchure.service.guidance import lead

    return stage.shared(lead)


def _beginning(stage: "Stage", course: str) -> Callable[..., None]:
    def begin(about: str) -> None:
        from embouchure.service import beginnings

        getattr(beginnings, course)(_guidance(stage), about)

    return begin


def _guided(stage: "Stage", what: str) -> Callable[..., None]:
    def act(*said: Any) -> None:  # noqa: ANN401
        getattr(_guidance(stage), what)(*said)

    return act
