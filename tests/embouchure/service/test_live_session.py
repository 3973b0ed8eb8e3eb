"""What a live session tells the stage, report by report."""

from pathlib import Path
from typing import Any

import pytest

from embouchure.keys import Keys
from embouchure.page_bench import SilentView
from embouchure.play_settings import PlaySettings
from embouchure.player import CACHE_KEY
from embouchure.relay import Relay
from embouchure.service.live_session import BETWEEN, LiveSession
from embouchure.service.stage import Stage
from mapper.touch import EVERY_ZONE


class Case:
    """A session that no engine plays for; what one would report is reported here."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.session = LiveSession(PlaySettings(), SilentView(), self.stage)

    def select(self, name: str) -> None:
        """Report that a preset is played from now on."""
        fields = {"call": "select", "preset": name, "zone": EVERY_ZONE, "time_s": 0.0}
        self.session._obey({"report": "told", "word": "call", "fields": fields})

    @property
    def state(self) -> dict[str, Any]:
        """What pages see."""
        return self.stage.state()


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Case()


def test_a_and_b_chosen_right_after_each_other_stay_a_pair(case: Case):
    case.stage.set(ab={"a": "bow", "b": "voice", "on": "b"})
    case.select("bow")
    case.select("voice")
    assert case.state["ab"] == {"a": "bow", "b": "voice", "on": "b"}


def test_a_preset_that_is_neither_a_nor_b_ends_the_pair(case: Case):
    case.stage.set(ab={"a": "bow", "b": "voice", "on": "b"})
    case.select("pluck")
    assert case.state["ab"] is None


def test_a_mixture_that_is_played_again_is_shown_again(case: Case):
    mixture = {"first": "bow", "second": "voice", "share": 0.4}
    case.stage.mix(mixture)
    case.select("steady voice")
    assert case.state["morph"] is None
    case.select(BETWEEN)
    assert case.state["morph"] == mixture


def test_a_device_that_is_lost_is_shown_until_there_is_one(
    case: Case, monkeypatch: pytest.MonkeyPatch
):
    case.stage.enter("playing", "Playing")
    case.stage.set(device={"device": "box"})
    monkeypatch.setattr(Relay, "lacks_device", True)
    case.session._turn()
    assert case.state["phase"]["name"] == "no_device"
    assert case.state["phase"]["text"].startswith("There is no sound device now")
    assert case.state["device"] is None


def test_the_terminals_key_undoes_what_the_page_asked_for(
    case: Case, monkeypatch: pytest.MonkeyPatch
):
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(Relay, "tell", lambda _, word, **fields: told.append({word: fields}))
    monkeypatch.setattr(Keys, "pressed", lambda _: CACHE_KEY)
    case.session._has_played = True
    case.session._obey({"report": "state", "state": [{"command": "cached", "on": True}]})
    case.session._turn()
    assert told == [{"cached": {"on": False}}]
