"""The player is told when a controller no longer answers as when their hand was measured."""

from pathlib import Path
from typing import Any

import pytest

from embouchure.parcel import pack
from embouchure.play_settings import PlaySettings
from embouchure.player import Player
from embouchure.view import Status
from mapper.curve import Curve
from mapper.hand import Hand, Range
from mapper.performance import Played

HAND = Hand(
    player="Ada",
    controller="any",
    press=Curve(raw=(0.0, 0.5), even=(0.0, 1.0)),
    press_range=Range(low=0.0, high=0.5),
)


class Listing:
    """A view that only remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def busy(self, text: str) -> None:
        self.said.append(text)

    def say(self, text: str) -> None:
        self.said.append(text)

    def show(self, status: Status) -> None:
        pass

    def close(self) -> None:
        pass


def told(player: Player, port: int | None, hand: Hand | None) -> None:
    fields: dict[str, Any] = {"port": port, "hand": hand and hand.model_dump(mode="json")}
    player._on_told({"report": "told", "word": "hand", "fields": fields})


def press_hard(player: Player) -> None:
    """Press four keys to the end of what a controller can say."""
    heard = []
    for number in range(4):
        strike, press, lift = b"\x91\x3c\x40", b"\xd1\x7f", b"\x81\x3c\x40"
        heard += [Played(number + at_s, 0, data) for at_s, data in
                  ((0.0, strike), (0.1, press), (0.8, lift))]  # fmt: skip
    player._on_heard({"report": "heard", **pack(heard)})


@pytest.fixture
def view() -> Listing:
    return Listing()


@pytest.fixture
def player(view: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Player(PlaySettings(), view, demo=False)


def test_a_hand_that_agrees_no_more_is_said_once(player: Player, view: Listing):
    told(player, 0, HAND)
    press_hard(player)
    press_hard(player)
    (sentence,) = view.said
    assert sentence.startswith("any presses harder than when Ada's hand was measured on it")


@pytest.mark.parametrize("port", [0, None])
def test_a_port_without_a_hand_is_not_watched(port: int | None, player: Player, view: Listing):
    told(player, 0, HAND)
    told(player, port, None)
    press_hard(player)
    assert view.said == []


def test_another_port_is_another_controller(player: Player, view: Listing):
    told(player, 1, HAND)
    press_hard(player)
    assert view.said == []
