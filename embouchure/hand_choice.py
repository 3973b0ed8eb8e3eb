"""The choice of a hand for each controller that is played."""

from typing import Final, NamedTuple

from calibration.hand.hands import NO_HAND, load_all
from mapper.hand import Hand, HandError
from mapper.profile import GENERIC

NO_WISH: Final = "none"
"""The word that asks for no hand at all."""


class Chosen(NamedTuple):
    """A hand, or none, and what the player must know of it, if anything."""

    hand: Hand | None
    sentence: str = ""


class HandChoice:
    """Knows every hand, and what the player wishes.

    Without a wish the one hand that was measured on a controller is used there; where several
    were, none. A wish is `NO_WISH`, or a player, or the name of a hand.

    Raises
    ------
    HandError
        When no hand is as wished.
    """

    def __init__(self, wish: str | None = None) -> None:
        hands, self.troubles = load_all()
        self._wish = wish
        self._hands = {} if wish == NO_WISH else _fitting(hands, wish)
        if wish not in (None, NO_WISH) and not self._hands:
            known = ", ".join(hands)
            raise HandError(
                f"there is no hand {wish!r}; "
                + (f"choose {NO_WISH} or one of {known}" if known else NO_HAND)
            )

    @property
    def hands(self) -> list[Hand]:
        """Every hand that is as wished."""
        return list(self._hands.values())

    def choose(self, controller: str) -> Chosen:
        """Choose the hand for a controller by the name that `Listeners.controller` gives it."""
        fitting = {name: one for name, one in self._hands.items() if one.controller == controller}
        if not fitting and self._wish and len(self._hands) == 1:
            fitting = {
                name: one
                for name, one in self._hands.items()
                if GENERIC.name in (one.controller, controller)
            }
        if len(fitting) == 1:
            (name, hand), *_ = fitting.items()
            return Chosen(
                hand, f"Playing with the hand {name} on {controller}; --hand none is without it."
            )
        if fitting:
            return Chosen(
                None,
                f"The hands {', '.join(fitting)} all fit {controller}, so none is used; "
                "choose one with --hand.",
            )
        return Chosen(None)


def _fitting(hands: dict[str, Hand], wish: str | None) -> dict[str, Hand]:
    if wish is None:
        return hands
    low = wish.casefold()
    return {name: one for name, one in hands.items() if low in (name, one.player.casefold())}
