"""Voices: strikes, ends and turns."""

import numpy as np
import pytest

from synth.engine import faders, voices
from synth.engine.engine import Event
from synth.engine.layout import (
    EVENT,
    FADING,
    FREE,
    HELD,
    MAX_VOICES,
    N_PATCHES,
    N_SLOTS,
    PATCH,
    ROOM,
    STATE,
    TAIL,
    VOICE,
)
from synth.patch import RoomSettings, VoiceSettings
from tests.synth.toy import (
    flat_space,
    lift,
    make_engine,
    move,
    panic,
    stop,
    strike,
    toy_patch,
    zone_glide,
)

TEN_MS = 480


class Stage:
    """The voices alone, told events and never rendered."""

    def __init__(self) -> None:
        self.state, self.hall = np.zeros(1, STATE)[0], np.zeros(1, ROOM)[0]
        self.slots, self.patches = np.zeros(N_SLOTS, VOICE), np.zeros(N_PATCHES, PATCH)
        self.slots["touch"] = -1
        self.patches["map_address"] = 1
        faders.reset(self.state)

    def tell(self, *events: Event) -> None:
        for event in events:
            record = np.array([tuple(event)], EVENT)[0]
            voices.apply(self.state, self.slots, self.patches, self.hall, record)

    def fill(self, loudness_db: float = -20.0) -> None:
        """Strike as many touches as may sound, numbered from 0."""
        for touch in range(MAX_VOICES):
            self.tell(strike(touch))
        self.slots["loudness_db"] = loudness_db

    def voice(self, touch: int) -> np.void:
        """The newest voice of the touch."""
        return next(v for v in self.slots if v["touch"] == touch)

    def statuses(self, status: int) -> list[int]:
        """Touches of the voices with this status."""
        return sorted(int(v["touch"]) for v in self.slots if v["status"] == status)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_thirty_two_touches_are_held_at_once(stage: Stage):
    stage.fill()
    assert stage.statuses(HELD) == list(range(MAX_VOICES))


def test_one_more_strike_steals_the_quietest(stage: Stage):
    stage.fill()
    stage.voice(17)["loudness_db"] = -21.0
    stage.tell(strike(99))
    assert stage.statuses(FADING) == [17]


def test_a_tail_is_stolen_before_a_quieter_held_touch(stage: Stage):
    stage.fill()
    stage.tell(lift(5))
    stage.voice(17)["loudness_db"] = -45.0
    stage.tell(strike(99))
    assert stage.statuses(FADING) == [5]


def test_a_tail_much_louder_than_a_held_touch_is_spared(stage: Stage):
    stage.fill()
    stage.tell(lift(5))
    stage.voice(17)["loudness_db"] = -55.0
    stage.tell(strike(99))
    assert stage.statuses(FADING) == [17]


def test_a_new_strike_is_never_the_one_stolen(stage: Stage):
    stage.fill(loudness_db=-3.0)
    stage.tell(strike(98), strike(99))
    assert {98, 99} <= set(stage.statuses(HELD))


def test_steals_are_counted(stage: Stage):
    stage.fill()
    stage.tell(strike(98), strike(99))
    assert stage.state["stolen"] == 2


@pytest.mark.parametrize("event", [move(7), lift(7), stop(7)])
def test_an_unknown_touch_is_ignored(stage: Stage, event: Event):
    stage.tell(strike(1), event)
    assert stage.statuses(HELD) == [1]


def test_a_lift_turns_a_touch_into_a_tail(stage: Stage):
    stage.tell(strike(1), lift(1, frame=40))
    assert (stage.voice(1)["status"], stage.voice(1)["lift_frame"]) == (TAIL, 40)


def test_a_second_lift_changes_nothing(stage: Stage):
    stage.tell(strike(1), lift(1, frame=40), lift(1, frame=50))
    assert stage.voice(1)["lift_frame"] == 40


def test_a_move_does_not_reach_a_tail(stage: Stage):
    stage.tell(strike(1), lift(1, press=0.3), move(1, press=0.9))
    assert stage.voice(1)["press"] == pytest.approx(0.3)


def test_a_stop_ends_a_tail_too(stage: Stage):
    stage.tell(strike(1), lift(1), stop(1))
    assert stage.statuses(FADING) == [1]


def test_a_stop_ends_its_own_touch_only(stage: Stage):
    stage.tell(strike(1), strike(2), stop(1))
    assert stage.statuses(HELD) == [2]


def test_panic_ends_every_touch(stage: Stage):
    stage.tell(strike(1), strike(2), lift(2), panic())
    assert stage.statuses(FADING) == [1, 2]


def test_a_strike_starts_with_an_empty_memory(stage: Stage):
    stage.slots["memory"] = 7.0
    stage.tell(strike(1))
    assert not stage.voice(1)["memory"].any()


def test_a_strike_sounds_with_the_patch_selected_before_it(stage: Stage):
    stage.tell(Event(0, 3, voices.SELECT, -1), strike(1), Event(0, 4, voices.SELECT, -1), strike(2))
    assert (stage.voice(1)["patch"], stage.voice(2)["patch"]) == (3, 4)


def test_a_strike_without_a_patch_is_not_heard(stage: Stage):
    stage.tell(Event(0, 3, voices.SELECT, zone=2), Event(0, 4, voices.SELECT, zone=5))
    stage.patches["map_address"][4] = 0
    stage.tell(strike(1, zone=2), strike(2, zone=5))
    assert stage.statuses(HELD) == [1]


@pytest.mark.parametrize("note", [0.0, 60.0, 127.0])
def test_pan_keeps_the_power(stage: Stage, note: float):
    stage.patches["width"] = 1.0
    stage.tell(strike(1, note=note))
    voice = stage.voice(1)
    assert np.hypot(voice["pan_left"], voice["pan_right"]) == pytest.approx(1.0)


def test_low_notes_stand_left_and_high_notes_right(stage: Stage):
    stage.patches["width"] = 0.5
    stage.tell(strike(1, note=40.0), strike(2, note=80.0))
    assert stage.voice(1)["pan_left"] > stage.voice(2)["pan_left"]


def sounded(*events: Event, n_frames: int = 9600, patch: object = None) -> np.ndarray:
    engine = make_engine(patch=patch)
    for event in events:
        engine.push(event)
    return engine.render(n_frames)


def frequency_hz(audio: np.ndarray) -> float:
    spectrum = abs(np.fft.rfft(audio[:, 0] * np.hanning(len(audio)), 2**18))
    return float(np.argmax(spectrum) * 48_000 / 2**18)


SLOW = toy_patch(voice=VoiceSettings(release_slow_s=10.0, release_fast_s=10.0))


def test_a_stop_is_silent_within_10_ms():
    assert not sounded(strike(), stop(frame=4801))[4801 + TEN_MS :].any()


def test_panic_is_silent_within_10_ms_in_the_largest_room():
    cathedral = toy_patch(room=RoomSettings(mix=1.0, decay_s=20.0, size=1.0))
    events = strike(1), strike(2, note=60.0), lift(2, frame=3000), panic(frame=4801)
    assert not sounded(*events, patch=cathedral)[4801 + TEN_MS :].any()


def test_after_panic_a_strike_sounds():
    assert sounded(strike(), panic(frame=640), strike(frame=1280))[1280:].any()


def test_zone_glide_moves_tails():
    events = strike(), lift(frame=640), zone_glide(12.0, frame=1280)
    assert frequency_hz(sounded(*events, patch=SLOW)[2400:]) == pytest.approx(880.0, abs=1.0)


def test_a_touchs_own_glide_does_not_move_its_tail():
    events = strike(), lift(frame=640), move(frame=1280, glide_semitones=12.0)
    assert frequency_hz(sounded(*events, patch=SLOW)[2400:]) == pytest.approx(440.0, abs=1.0)


def test_zone_glide_moves_its_own_zone_only():
    events = strike(zone=2), zone_glide(12.0, frame=1280, zone=3)
    assert frequency_hz(sounded(*events)[2400:]) == pytest.approx(440.0, abs=1.0)


def test_touch_glide_and_zone_glide_add():
    events = strike(glide_semitones=7.0), zone_glide(5.0, frame=1280)
    assert frequency_hz(sounded(*events)[2400:]) == pytest.approx(880.0, abs=1.0)


def test_a_lifted_touch_falls_by_60_db_in_its_release_time():
    patch = toy_patch(voice=VoiceSettings(release_slow_s=0.4, release_fast_s=0.1))
    heard = sounded(strike(), lift(frame=4800, lift=0.5), n_frames=24_000, patch=patch)[:, 0]
    release_frames = int(48_000 * np.sqrt(0.4 * 0.1))
    before, after = heard[2400:4800], heard[4800 + release_frames :][:480]
    assert 20 * np.log10(abs(after).max() / abs(before).max()) == pytest.approx(-60.0, abs=2.0)


def test_a_tail_ends_in_exact_silence():
    assert not sounded(strike(), lift(frame=640), n_frames=48_000)[40_000:].any()


def test_touches_keep_the_patch_they_were_struck_with():
    engine = make_engine(flat_space(), toy_patch())
    engine.push(strike())
    engine.render(4800)
    engine.select(engine.install(toy_patch(cents=1200.0)))
    assert frequency_hz(engine.render(9600)) == pytest.approx(440.0, abs=1.0)


def test_a_slot_is_free_when_its_voice_has_faded():
    engine = make_engine()
    engine.push(strike())
    engine.push(stop(frame=64))
    engine.render(1024)
    assert (engine._voices["status"] == FREE).all()
