"""Whose hand plays on which controller, and what the player is told of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibration.hand import hands
from embouchure.hand_choice import HandChoice
from embouchure.instrument import silent_engine
from embouchure.play_settings import PlaySettings
from embouchure.rendering import sound_of
from embouchure.session import Session, open_session
from embouchure.space_file import load_space
from embouchure.wishes import Wishes
from mapper.curve import Curve
from mapper.hand import Hand, HandError
from mapper.recorder import Recorder
from tests.mapper.test_hand import HAND

LINN = HAND.controller
HEAVY = Hand(
    player="Bo",
    controller="MPE controller",
    press=Curve(raw=(0.0, 0.9, 1.0), even=(0.0, 0.1, 1.0)),
    strike=Curve(raw=(0.0, 0.9, 1.0), even=(0.0, 0.1, 1.0)),
)


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("calibration.hand.hands.folder", lambda: tmp_path)
    hands.save(HAND)
    return tmp_path


def test_the_one_that_was_measured_on_a_controller_is_used_there():
    hand, sentence = HandChoice().choose(LINN)
    assert hand == HAND
    assert "hand ada-linnstrument-mpe on LinnStrument, MPE; --hand none is without" in sentence


def test_a_controller_on_which_none_was_measured_has_none():
    assert HandChoice().choose("Osmose") == (None, "")


def test_of_several_that_fit_none_is_used_unless_the_player_chooses():
    hands.save(HAND.model_copy(update={"player": "Bo"}))
    hand, sentence = HandChoice().choose(LINN)
    assert hand is None
    assert sentence.startswith("The hands ada-linnstrument-mpe, bo-linnstrument-mpe all fit")
    assert HandChoice("ADA").choose(LINN).hand == HAND


def test_none_is_used_where_none_is_wanted():
    assert HandChoice("none").choose(LINN) == (None, "")


def test_a_wished_one_plays_where_the_controller_is_not_known():
    assert HandChoice("ada").choose("MPE controller").hand == HAND
    assert HandChoice().choose("MPE controller").hand is None


def test_a_wish_that_nobody_fulfils_is_refused_with_those_there_are():
    with pytest.raises(HandError, match="no hand 'cy'; choose none or one of ada-linnstrument-mpe"):
        HandChoice("cy")


@pytest.fixture
def session() -> Callable[..., Session]:
    def opened(**wishes: str) -> Session:
        engine = silent_engine(load_space(), 48_000)
        return open_session(PlaySettings(wishes=Wishes(**wishes)), engine, lambda _: 0)

    return opened


def test_a_session_takes_up_the_hand_of_a_controller_as_it_is_plugged_in(
    session: Callable[..., Session],
):
    live = session()
    live.name(0, "LinnStrument MIDI 1")
    live.name(1, "Osmose Port 1")
    assert list(live.hands()) == [0]


def test_a_session_tells_the_journal_and_the_player(session: Callable[..., Session]):
    live = session(controller="linnstrument-mpe")
    live.name(0, "any")
    told = live.take_played()
    assert list(live.hands()) == [0]
    assert [one.fields["hand"]["player"] for one in told.told if one.word == "hand"] == ["Ada"]
    assert "hand ada-linnstrument-mpe" in told.notices[0]


def test_a_hand_that_was_set_is_not_changed_when_the_controller_returns(
    session: Callable[..., Session],
):
    live = session(controller="linnstrument-mpe")
    live.set_hand(None, 0)
    live.name(0, "any")
    assert live.hands() == {0: None}


def test_a_file_that_is_no_hand_is_said_and_stops_nothing(
    shelf: Path, session: Callable[..., Session]
):
    (shelf / "broken.json").write_text("{")
    assert "the hand broken cannot be used" in session().take_played().notices[0]


def test_a_rendered_performance_sounds_by_the_hand_that_is_wished(tmp_path: Path):
    hands.save(HEAVY)
    recorder = Recorder()
    for time_s, data in ((0.0, b"\x91\x45\x60"), (0.02, b"\xd1\x60"), (0.5, b"\x81\x45\x40")):
        recorder.record(time_s, 0, data)
    recorder.export(tmp_path / "one.mid")

    def loudness(hand: str) -> float:
        said: list[str] = []
        settings = PlaySettings(wishes=Wishes(hand=hand))
        blocks = [b for _, b in sound_of(tmp_path / "one.mid", settings, 0.1, said.append)]
        assert bool(said) == (hand != "none")
        return float(np.abs(np.concatenate(blocks)).max())

    assert loudness("bo") < 0.5 * loudness("none")
