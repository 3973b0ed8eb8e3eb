"""The hands that were measured: list, show, restore, remove."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from calibration.hand import hands
from calibration.hand.portrait import portrait
from embouchure.service.bodies import Name, Version
from embouchure.service.stage import Stage
from mapper.hand import Hand


class Card(BaseModel):
    """A hand by its name."""

    name: str
    player: str
    controller: str
    measured: str


class Portrait(BaseModel):
    """All that was measured of a hand, and the same in words."""

    name: str
    sentences: list[str]
    hand: dict[str, Any]


class Measured(BaseModel):
    """A measurement by its number, and when it was made."""

    number: int
    measured: str


def routes(_: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/hands", tags=["hands"])

    @router.get("")
    def list_all() -> list[Card]:
        """List every hand; a damaged one hides no other."""
        return [_card(name, hand) for name, hand in hands.load_all().hands.items()]

    @router.get("/{name}")
    def show(name: Name) -> Portrait:
        """Show what was measured of a hand."""
        hand = hands.load(name)
        return Portrait(
            name=name, sentences=list(portrait(hand)), hand=hand.model_dump(mode="json")
        )

    @router.get("/{name}/history")
    def history(name: Name) -> list[Measured]:
        """List every measurement that was kept under a name."""
        return [
            Measured(number=number, measured=hand.measured)
            for number, hand in hands.versions(name).items()
        ]

    @router.post("/{name}/restore")
    def restore(name: Name, asked: Version) -> Card:
        """Let an earlier measurement be the hand again."""
        return _card(name, hands.restore(name, asked.number))

    @router.delete("/{name}", status_code=204)
    def remove(name: Name) -> None:
        """Take a hand away; its measurements can be restored."""
        hands.remove(name)

    return router


def _card(name: str, hand: Hand) -> Card:
    return Card(name=name, player=hand.player, controller=hand.controller, measured=hand.measured)
