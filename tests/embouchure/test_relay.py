"""The relay: what the next engine process is told, and what the player is, when one is lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from embouchure import relay, whereabouts
from embouchure.engine_link import POLL_S, EngineEndedError, Report
from embouchure.play_settings import PlaySettings, Predecessor
from embouchure.relay import OPENING_LIMIT_S, PLAYING_LIMIT_S, STARTING_LIMIT_S, Relay
from synth.outputs import Place

BOX, DESK = Place("Box", "ALSA"), Place("Desk", "JACK")
CRASH = object()
STALL_LATE = {"report": "stalled", "has_begun": True}
STALL_EARLY = {"report": "stalled", "has_begun": False}
NO_DEVICE = {"report": "no_device", "sentence": "there is no sound output now"}
QUIET = {"report": "status", "figures": [0, 0.0, 0.1, 0]}
BUSY = {"report": "status", "figures": [3, 0.2, 0.1, 0]}


def opening(place: Place) -> Report:
    return {"report": "opening", "place": list(place)}


def playable(*inputs: str) -> Report:
    return {"report": "playable", "inputs": list(inputs)}


def seconds(number: float, report: Report | None = None) -> list[Report | None]:
    """So long of nothing, or of one report again and again."""
    return [report] * round(number / POLL_S)


class Stage:
    """A relay of engine processes, each a script of reports; a tenth of a second a report."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *lives: list[Any]) -> None:
        self.now_s = 0.0
        self.found: set[Place] = set()
        self.said: list[str] = []
        self.started: list[PlaySettings] = []
        self.patience_s: list[float] = []
        self._lives = list(lives)
        self._left: list[Report] = []
        monkeypatch.setattr(relay, "EngineLink", self._start)
        monkeypatch.setattr(relay, "DeviceLook", lambda: self)
        monkeypatch.setattr(relay, "time", self)
        monkeypatch.setattr(whereabouts, "time", self)
        self.relay = Relay(PlaySettings(), self.said.append)

    def run(self, n_reports: int = 10_000) -> list[Report]:
        """Run until every life is over, and return the reports that came through."""
        reports = []
        for count, report in enumerate(self.relay.reports()):
            reports += [report] if report else []
            if count == n_reports or (report and report["report"] == "curtain"):
                break
        return reports

    def before(self, life: int) -> Predecessor:
        """What a life was told of the one before."""
        told = self.started[life].predecessor
        assert told
        return told

    # What the relay sees in place of an engine link, of time and of a look at the devices

    def _start(self, settings: PlaySettings) -> "Stage":
        self.started.append(settings)
        return self

    def reports(self) -> Iterator[Report | None]:
        for report in self._lives.pop(0) if self._lives else [{"report": "curtain"}]:
            self.now_s += POLL_S
            if report is CRASH:
                raise EngineEndedError("the engine process ended unexpectedly (code -9)")
            yield report

    def end(self, patience_s: float = 0.7) -> None:
        self.patience_s.append(patience_s)
        self._left = [{"report": "heard"}, {"report": "events"}]

    def left(self) -> Iterator[Report]:
        while self._left:
            yield self._left.pop(0)

    def close(self) -> None:
        pass

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, pause_s: float) -> None:
        self.now_s += pause_s

    def poll(self) -> set[Place]:
        return self.found


LONG = [opening(BOX), playable("Embouchure", "Osmose"), *seconds(5.0, BUSY)]


def test_a_lost_device_is_said_and_the_next_process_is_told_of_it(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*LONG, STALL_LATE], [opening(BOX), playable()])
    stage.run()
    assert stage.said == [
        "Box (ALSA) no longer takes sound; starting it again.",
        "Sounding on Box (ALSA) again.",
    ]
    assert stage.before(1).home == BOX
    assert stage.before(1).avoided == ()
    assert stage.before(1).inputs == ("Embouchure", "Osmose")


def test_what_was_left_unsaid_by_a_lost_process_is_still_handed_on(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*LONG, STALL_LATE])
    assert [one["report"] for one in stage.run()].count("heard") == 1


def test_what_was_set_while_playing_and_the_inputs_now_are_told_again(
    monkeypatch: pytest.MonkeyPatch,
):
    state = {"command": "configure", "port": 1, "messages": ["b00606"]}
    changes = [
        {"report": "inputs", "inputs": ["Embouchure", "Osmose", "Erae"]},
        {"report": "state", "state": [state]},
    ]
    stage = Stage(monkeypatch, [*LONG, *changes, CRASH])
    stage.run()
    assert stage.before(1).inputs == ("Embouchure", "Osmose", "Erae")
    assert stage.before(1).state == (state,)


def test_a_device_that_never_asked_is_tried_last_for_a_minute(monkeypatch: pytest.MonkeyPatch):
    short = [opening(BOX), playable(), *seconds(1.0), STALL_EARLY]
    long = [opening(DESK), playable(), *seconds(70.0, BUSY), STALL_LATE]
    stage = Stage(monkeypatch, short, long)
    stage.run()
    assert stage.said[:2] == [
        "Box (ALSA) takes no sound; trying what else there is.",
        "Sounding on Desk (JACK) until Box (ALSA) is back.",
    ]
    assert stage.before(1).avoided == (BOX,)
    assert stage.before(2).avoided == ()


def test_a_device_that_hangs_in_opening_is_left_without_waiting_for_it(
    monkeypatch: pytest.MonkeyPatch,
):
    stage = Stage(monkeypatch, [opening(BOX), *seconds(2 * OPENING_LIMIT_S)])
    stage.run()
    assert stage.said == ["Box (ALSA) does not open; trying what else there is."]
    assert stage.patience_s == [0.0]
    assert stage.before(1).avoided == (BOX,)
    assert stage.now_s < OPENING_LIMIT_S + 1.0


def test_an_engine_that_says_nothing_is_left_without_waiting_for_it(
    monkeypatch: pytest.MonkeyPatch,
):
    stage = Stage(monkeypatch, [*LONG, *seconds(2 * PLAYING_LIMIT_S)])
    stage.run()
    assert stage.said == ["The engine does not answer; it is started again."]
    assert stage.patience_s == [0.0]


def test_without_any_device_it_is_said_once_and_waited_for(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*LONG, STALL_LATE], [NO_DEVICE])
    stage.run(n_reports=1000)
    assert len(stage.started) == 2
    stage.found = {DESK}
    stage.run(n_reports=10)
    assert len(stage.started) == 3
    assert stage.said[1:] == [
        "There is no sound device now; the sound returns as soon as there is one."
    ]


def test_an_engine_that_crashes_at_once_again_and_again_is_told_of_once_and_not_hurried(
    monkeypatch: pytest.MonkeyPatch,
):
    crash = [opening(BOX), playable(), CRASH]
    stage = Stage(monkeypatch, [*LONG, CRASH], *5 * [crash])
    begun_s = stage.now_s
    stage.run()
    assert sum("unexpectedly" in sentence for sentence in stage.said) == 1
    assert stage.now_s - begun_s > 4.0


def test_an_engine_that_never_could_be_played_ends_the_session(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(EngineEndedError):
        Stage(monkeypatch, [CRASH]).run()
    with pytest.raises(EngineEndedError):
        Stage(monkeypatch, *10 * [[opening(BOX), CRASH]]).run()


def test_a_failure_at_the_start_is_the_players_to_know(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [{"report": "failed", "sentence": "no preset"}])
    assert stage.run(n_reports=1)[0]["sentence"] == "no preset"


def test_it_goes_home_only_once_nothing_has_sounded_for_a_while(monkeypatch: pytest.MonkeyPatch):
    away = [opening(DESK), playable(), *seconds(10.0, BUSY), *seconds(5.0, QUIET)]
    stage = Stage(monkeypatch, [*LONG, STALL_LATE], away)
    stage.found = {BOX, DESK}
    stage.run()
    assert stage.said[-1] == "Box (ALSA) is back and is used again."
    assert 5.0 + 10.0 + relay.QUIET_S < stage.now_s < 5.0 + 10.0 + relay.QUIET_S + 2.0
    assert stage.patience_s[-1] > 0


def test_at_home_nobody_looks_for_another_device(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [opening(BOX), playable(), *seconds(10.0, QUIET)])
    stage.found = {BOX, DESK}
    stage.run()
    assert stage.said == []


def test_what_is_left_when_the_player_ends_it_meanwhile_is_still_handed_over(
    monkeypatch: pytest.MonkeyPatch,
):
    stage = Stage(monkeypatch, [*LONG, CRASH])
    reports = stage.relay.reports()
    while (next(reports) or {}).get("report") != "heard":
        pass
    assert [one["report"] for one in stage.relay.end()][-1] == "events"


def test_a_process_that_hangs_before_it_opens_anything_is_started_again_and_no_device_blamed(
    monkeypatch: pytest.MonkeyPatch,
):
    stage = Stage(monkeypatch, [*LONG, CRASH], seconds(2 * STARTING_LIMIT_S))
    stage.run()
    assert stage.said[-1] == "The engine does not answer; it is started again."
    assert stage.before(2).avoided == ()


def test_the_first_process_may_compile_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*seconds(20 * STARTING_LIMIT_S), *LONG])
    stage.run()
    assert stage.said == []


def test_a_crash_before_anything_is_opened_blames_no_device(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*LONG, CRASH], [CRASH])
    stage.run()
    assert stage.before(2).avoided == ()


AWAY = [opening(DESK), playable(), *seconds(10.0, QUIET)]


def test_its_own_device_is_returned_to_even_if_it_failed_once_it_was_unplugged(
    monkeypatch: pytest.MonkeyPatch,
):
    failing = [opening(BOX), playable(), *seconds(1.0), STALL_EARLY]
    stage = Stage(monkeypatch, failing, AWAY)
    reports = stage.relay.reports()
    for found in ({BOX, DESK}, {DESK}, {BOX, DESK}):
        assert not any("is back and" in sentence for sentence in stage.said)
        stage.found = found
        for _ in range(40):
            next(reports)
    assert "Box (ALSA) is back and is used again." in stage.said


def test_a_device_that_failed_and_is_still_there_is_not_returned_to(
    monkeypatch: pytest.MonkeyPatch,
):
    failing = [opening(BOX), playable(), *seconds(1.0), STALL_EARLY]
    stage = Stage(monkeypatch, failing, [*AWAY, *seconds(100.0, QUIET)])
    stage.found = {BOX, DESK}
    stage.run()
    assert len(stage.said) == 2


def test_a_notice_that_comes_with_every_restart_is_told_once(monkeypatch: pytest.MonkeyPatch):
    notice = {"report": "notice", "sentence": "keys cannot be opened."}
    crash = [opening(BOX), notice, playable(), CRASH]
    stage = Stage(monkeypatch, [*LONG, CRASH], *5 * [crash])
    stage.run()
    assert stage.said.count("keys cannot be opened.") == 1


def test_the_longer_a_fault_stays_the_more_seldom_it_is_tried(monkeypatch: pytest.MonkeyPatch):
    stage = Stage(monkeypatch, [*LONG, CRASH], *20 * [[opening(BOX), CRASH]])
    stage.run()
    assert stage.now_s > 15 * relay.LONGEST_PAUSE_S


ASKED = {"report": "state", "state": [{"command": "select", "zone": -1, "preset": "bow"}]}
REFUSED = {"report": "failed", "sentence": "there is no sound output 'Desk'"}


class Asking(list[Report | None]):
    """A life in the course of which the player asks for other settings."""

    def __init__(self, stage: Stage, **settings: object) -> None:
        super().__init__([opening(BOX), playable("Erae"), ASKED, QUIET])
        self._stage, self._settings = stage, settings

    def __iter__(self) -> Iterator[Report | None]:
        yield from super().__iter__()
        self._stage.relay.change(**self._settings)
        yield QUIET


def asked(monkeypatch: pytest.MonkeyPatch, *lives: list[Any], **settings: object) -> Stage:
    stage = Stage(monkeypatch)
    stage._lives = [Asking(stage, **settings), *lives]
    stage.run()
    return stage


def test_another_device_is_opened_by_the_next_process_with_all_that_was_set(
    monkeypatch: pytest.MonkeyPatch,
):
    stage = asked(monkeypatch, [opening(DESK), playable("Erae")], device="Desk")
    before = stage.before(1)
    assert (stage.started[1].device, before.home) == ("Desk", None)
    assert (before.inputs, before.state) == (("Erae",), tuple(ASKED["state"]))


def test_a_device_that_does_not_open_is_left_for_the_one_before(monkeypatch: pytest.MonkeyPatch):
    stage = asked(monkeypatch, [REFUSED], [opening(BOX), playable("Erae")], device="Desk")
    assert [one.device for one in stage.started[:3]] == [None, "Desk", None]
    assert "There is no sound output 'Desk'; what was chosen before is used again." in stage.said


def test_another_preset_has_the_last_word_over_what_was_selected(monkeypatch: pytest.MonkeyPatch):
    stage = asked(monkeypatch, [opening(BOX), playable("Erae")], preset="far")
    assert stage.started[1].preset == "far"
    assert stage.before(1).state == ()


def test_other_inputs_are_numbered_anew(monkeypatch: pytest.MonkeyPatch):
    stage = asked(monkeypatch, [opening(BOX), playable("Linn")], midi=("Linn",))
    assert (stage.started[1].midi, stage.before(1).inputs) == (("Linn",), ())
