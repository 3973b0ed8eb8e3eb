"""The guide that measures a hand: step by step, refusing what is no use, at a minute's length."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.guide import Action, Click, Done, Heard, Say, Show, Tone
from calibration.hand.evenness import measured
from calibration.hand.hand_guide import Controller, HandGuide, steady
from calibration.hand.stand_in import StandIn, StandInHand, power, sigmoid
from calibration.rehearsal import Rehearsal, Rehearsed, Score
from mapper.hand import Hand, HandError
from mapper.listening import gesture_features
from mapper.performance import Played
from mapper.profile import KEYBOARD, LINNSTRUMENT_MPE, OSMOSE
from mapper.touch import Kind, TouchEvent
from presets.factory.gestures import DEMONSTRATED, gesture
from presets.store import load

TONE = Tone(name="voice", preset=load("voice"))
ABOUT = Controller("Toy", slide_continues_press=False)


def said(rehearsed: Rehearsed) -> list[str]:
    return [action.text for _, action in rehearsed.actions if isinstance(action, Say)]


def titles(rehearsed: Rehearsed) -> list[str]:
    pages = [action.title for _, action in rehearsed.actions if isinstance(action, Show)]
    return [title for n, title in enumerate(pages) if n == 0 or pages[n - 1] != title]


@pytest.fixture(scope="module")
def plain() -> Rehearsed:
    return measured(StandInHand())


def test_it_sounds_with_the_first_touch_and_within_ten_seconds(plain: Rehearsed):
    assert plain.first_sound_s is not None
    assert plain.first_sound_s < 10.0


def test_it_takes_about_a_minute(plain: Rehearsed):
    assert plain.has_ended
    assert plain.seconds < 75.0


def test_every_step_is_asked_for_in_order(plain: Rehearsed):
    asked = titles(plain)
    assert asked[:4] == ["Swell", "Swell again", "Slide", "Slide again"]
    assert asked[-1] == "Thank you"
    assert "Answer each click" in asked


def test_it_ends_with_a_hand_and_says_what_it_is(plain: Rehearsed):
    assert isinstance(plain.result, Hand)
    assert plain.result.controller == LINNSTRUMENT_MPE.name
    assert any("Vibrato: 5.5 Hz" in sentence for sentence in said(plain))


def test_clicks_are_told_well_before_they_come(plain: Rehearsed):
    ((at_s, clicks),) = [one for one in plain.actions if isinstance(one[1], Click)]
    assert isinstance(clicks, Click)
    assert clicks.times_s[0] - at_s > 1.0


def test_a_known_hand_is_brought_up_to_date_in_twenty_seconds(plain: Rehearsed):
    today = StandInHand(gain=0.8)
    warm = measured(today, known=plain.result)
    assert warm.seconds < 25.0
    assert warm.result.press_range.high == pytest.approx(0.8, abs=0.05)
    assert warm.result.lag_s == plain.result.lag_s


def test_a_hand_of_another_controller_is_not_brought_up_to_date(plain: Rehearsed):
    with pytest.raises(HandError, match="measured on LinnStrument, MPE, and you play Osmose"):
        measured(StandInHand(profile=OSMOSE), known=plain.result)


def test_a_slide_that_continues_press_is_left_alone():
    rehearsed = measured(StandInHand(profile=OSMOSE))
    assert "Slide" not in titles(rehearsed)
    assert rehearsed.result.slide.is_straight


def test_what_a_controller_never_sends_is_left_as_it_is():
    rehearsed = measured(StandInHand(profile=KEYBOARD, strike=power(2.0)))
    hand = rehearsed.result
    assert "Your controller tells nothing by press, so that is left as it is." in said(rehearsed)
    assert hand.press.is_straight
    assert not hand.strike.is_straight


def test_a_player_who_leaves_early_keeps_what_was_measured():
    guide = HandGuide("Ada", TONE, lambda _: ABOUT)
    left = Rehearsal(guide, StandIn(StandInHand(press=power(0.5)))).run(20.0)
    assert not left.has_ended
    assert guide.is_unfinished
    assert not left.result.press.is_straight
    assert left.result.strike.is_straight


def test_a_player_who_leaves_at_once_has_nothing():
    left = Rehearsal(HandGuide("Ada", TONE, lambda _: ABOUT), Score([])).run(2.0)
    assert left.result is None


@dataclass
class Clumsy(StandIn):
    """Plays the first touch of all with hardly any press."""

    def see(self, time_s: float, action: Action) -> None:
        careful = self.hand
        if time_s < 1.0:
            self.hand = replace(careful, gain=0.1)
        super().see(time_s, action)
        self.hand = careful


def test_a_bad_touch_is_refused_with_the_reason_and_asked_for_again():
    clumsy = Rehearsal(HandGuide("Ada", TONE, lambda _: ABOUT), Clumsy(StandInHand())).run(600.0)
    refusals = [sentence for sentence in said(clumsy) if sentence.startswith("Again")]
    assert refusals[0].startswith("Again: press moved only from 0% to 1")
    assert clumsy.has_ended


def test_two_keys_at_once_are_refused():
    messages = [
        Played(1.0, 0, b"\x91\x3c\x40"),
        Played(1.1, 0, b"\x92\x40\x40"),
        Played(3.0, 0, b"\x81\x3c\x40"),
        Played(3.0, 0, b"\x82\x40\x40"),
    ]
    guide = HandGuide("Ada", TONE, lambda _: ABOUT)
    Rehearsal(guide, Score(messages)).run(4.0)
    assert guide.reason == "play one key at a time"


def test_another_controller_is_not_listened_to():
    guide = HandGuide(
        "Ada", TONE, lambda port: Controller(f"number {port}", slide_continues_press=False)
    )
    guide.start(0.0)

    def strike(port: int, touch: int) -> Heard:
        event = TouchEvent(1.0, Kind.STRIKE, touch, 16 * port, 60.0, 0.5)
        lift = event._replace(kind=Kind.LIFT, time_s=2.0)
        return Heard(1.0, port, b"", (event, lift))

    (met, *_) = guide.hear(strike(1, 1))
    assert met == Say("Measuring Ada on number 1.")
    assert guide.hear(strike(0, 2)) == []


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(0, 2), st.integers(0, 127)), max_size=80))
@settings(max_examples=50, deadline=None)
def test_whatever_is_played_the_guide_goes_on(moves: list[tuple[float, int, int]]):
    time_s, messages = 0.0, []
    for gap_s, kind, value in moves:
        time_s += gap_s
        sent = (bytes((0x91, 60, value)), bytes((0xD1, value)), bytes((0x81, 60, value)))[kind]
        messages.append(Played(time_s, 0, sent))
    guide = HandGuide("Ada", TONE, lambda _: ABOUT)
    rehearsed = Rehearsal(guide, Score(messages)).run(time_s + 1.0)
    assert not any(isinstance(action, Done) for _, action in rehearsed.actions[:-1])


def test_the_steady_tone_hears_nothing_but_the_pitch():
    mapping = steady(TONE.preset).mapping
    played = gesture(np.random.default_rng(1), DEMONSTRATED[1], 60, 60).heard
    played[:, 5] = 60.0
    other = played.copy()
    other[:, 1:3] *= 0.3
    other[:, 0] = 0.2
    one, two = (mapping.predict(gesture_features(rows)) for rows in (played, other))
    assert np.abs(one - two).max() < 1e-4


def test_a_hand_that_cannot_keep_still_goes_on_without():
    """A steep controller makes much of a usual finger's wandering."""
    restless = measured(StandInHand(press=sigmoid(8.0), noise=0.05))
    assert restless.has_ended
    assert restless.seconds < 120.0
    assert "That is left out for now." in said(restless)


def lesson() -> HandGuide:
    guide = HandGuide("Ada", TONE, lambda _: ABOUT)
    guide.start(0.0)
    return guide


def touch(
    guide: HandGuide, number: int, *, press: float = 0.0, held_s: float = 1.0
) -> list[Action]:
    """Hold one key, its press rising evenly."""
    start_s = 10.0 * number
    strike = TouchEvent(start_s, Kind.STRIKE, number, 0, 60.0, 0.5)
    rise = [
        strike._replace(
            time_s=start_s + held_s * step / 20, kind=Kind.MOVE, press=press * step / 20
        )
        for step in range(1, 20)
    ]
    lift = strike._replace(time_s=start_s + held_s, kind=Kind.LIFT, press=press, lift=0.5)
    return list(guide.hear(Heard(start_s + held_s, 0, b"", (strike, *rise, lift))))


def test_one_long_touch_and_a_tap_do_not_say_that_press_is_never_told():
    guide = lesson()
    touch(guide, 1, held_s=0.1)
    touch(guide, 2, held_s=3.0)
    assert guide.title == "Swell"


def test_a_dimension_that_is_told_after_all_is_asked_for_at_the_end():
    guide = lesson()
    for number in (1, 2):
        said = touch(guide, number, held_s=3.0)
    assert Say("Your controller tells nothing by press, so that is left as it is.") in said
    assert guide.title == "Slide"
    guide.choose(40.0, "skip")
    said = touch(guide, 5, press=0.5, held_s=0.3)
    assert Say("Your controller does tell press, so that is asked after all.") in said
    while guide.title != "Swell":
        guide.choose(60.0, "skip")
    assert guide.title == "Swell"


def test_a_step_is_begun_again_or_gone_back_to():
    guide = lesson()
    for number in (1, 2):
        touch(guide, number, held_s=3.0)
    guide.choose(30.0, "back")
    assert guide.title == "Swell"


def test_words_that_are_not_offered_change_nothing():
    guide = lesson()
    assert guide.choose(1.0, "skip") == []
    assert guide.choose(1.0, "anything") == []
    assert guide.title == "Swell"
