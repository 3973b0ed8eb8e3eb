"""Migration: cards of every format that was ever written become cards of today's."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json

from mapper.complaint import complaint
from presets.card import FORMAT, PresetCard
from presets.refusal import PresetError

Fields = dict[str, Any]


def _from_1(fields: Fields) -> Fields:
    """Format 2 adds provenance, metrics and morphs; what it adds has defaults."""
    added = {"morph_share", "provenance", "metrics"} & fields.keys()
    if added:
        raise PresetError(f"its {min(added)!r} is not allowed in a preset of format 1")
    return {**fields, "format": "embouchure-preset-2"}


MIGRATIONS: Final[dict[str, Callable[[Fields], Fields]]] = {"embouchure-preset-1": _from_1}
"""By format: what makes a card of the next one."""


def read_card(content: bytes) -> PresetCard:
    """Read a card of any format.

    Raises
    ------
    PresetError
        When it is no card, or a field of it is not allowed.
    """
    try:
        fields = from_json(content, allow_inf_nan=False)
    except ValueError as error:
        raise PresetError(f"its text is not allowed ({str(error)[:80]}); get it again") from None
    while isinstance(fields, dict) and (step := _step(fields)):
        fields = step(fields)
    try:
        return PresetCard.model_validate(fields)
    except ValidationError as error:
        raise PresetError(_explain(error)) from None


def _step(fields: Fields) -> Callable[[Fields], Fields] | None:
    known = fields.get("format")
    return MIGRATIONS.get(known) if isinstance(known, str) else None


def _explain(error: ValidationError) -> str:
    """Say in one line what the first wrong field of a card is."""
    wrong = complaint(error)
    place = wrong.place or "text"
    return f"its {place!r} is not allowed ({wrong.words()}); this program reads {FORMAT} and older"
