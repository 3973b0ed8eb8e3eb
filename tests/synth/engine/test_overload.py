"""Overload: who must go when the sound takes too long to make, and how it comes back."""

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.layout import FADING, HELD, PACE, SHED, TAIL
from synth.engine.overload import LIMIT
from synth.patch import VoiceSettings
from tests.synth.engine.test_clicks import NOTE, bound, player
from tests.synth.measures import cents_between, instantaneous_hz, second_difference
from tests.synth.strained import Strained
from tests.synth.toy import RATE_HZ, level, lift, make_engine, strike, toy_patch

LONG = VoiceSettings(release_slow_s=20.0, release_fast_s=20.0)
N_TAILS = 12


def playing(n_tails: int = N_TAILS, n_held: int = 3, n_frames: int = 64) -> Strained:
    """Tails, the lowest touch being the quietest, and held touches from 100 on, all of them old."""
    engine = make_engine(patch=toy_patch(voice=LONG))
    for touch in range(n_tails):
        engine.push(strike(touch, note=50.0 + touch, press=0.3 + 0.02 * touch))
        engine.push(lift(touch, press=0.3 + 0.02 * touch))
    for touch in range(100, 100 + n_held):
        engine.push(strike(touch, note=60.0 + touch - 100, press=0.0))
    device = Strained(engine, n_frames)
    device.run(0.1, 0.1)
    return device


def decisions(engine: Engine) -> list[tuple[int, int]]:
    """Kind and touch, or pace, of each decision since the last call."""
    own = [event for event in engine.applied_events() if event["kind"] in (SHED, PACE)]
    return [(int(event["kind"]), int(event["touch"])) for event in own]


def touches(engine: Engine, status: int) -> list[int]:
    return sorted(int(v["touch"]) for v in engine._voices if v["status"] == status)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.68])
def test_below_the_limit_nothing_gives_way(load: float):
    device = playing()
    device.run(2.0, load)
    assert decisions(device.engine) == []


@pytest.mark.parametrize("load", [0.75, 1.0, 3.0])
def test_past_the_limit_tails_go_first(load: float):
    device = playing()
    device.run(0.05, load)
    assert {kind for kind, _ in decisions(device.engine)} == {SHED}


def test_the_quietest_tails_go_first():
    device = playing()
    device.run(0.05, 0.9)
    shed = [touch for kind, touch in decisions(device.engine) if kind == SHED]
    assert shed == list(range(len(shed)))


def test_a_tail_behind_a_closed_volume_is_the_quietest():
    device = playing(n_tails=0)
    for touch, zone in [(1, 0), (2, 9)]:
        device.engine.push(strike(touch, press=0.2 + 0.2 * touch, zone=zone))
        device.engine.push(lift(touch, press=0.2 + 0.2 * touch))
    device.engine.push(level(0.0, zone=9))
    device.run(0.1, 0.1)
    device.run(0.03, 0.8)
    assert decisions(device.engine)[0] == (SHED, 2)


def test_relief_begins_within_30_ms():
    device = playing()
    device.run(0.03, 0.9)
    assert device.engine.snapshot().shed > 0


@pytest.mark.parametrize("n_frames", [64, 256])
def test_a_buffer_sheds_two_tails_at_most(n_frames: int):
    device = playing(n_frames=n_frames)
    before = 0
    for _ in range(100):
        device.load = 2.0
        device.ask()
        assert device.engine.snapshot().shed - before <= 2
        before = device.engine.snapshot().shed


def test_a_small_excess_costs_few_tails():
    device = playing()
    device.run(0.04, 0.75)
    device.run(0.5, 0.55)
    assert device.engine.snapshot().shed <= 5


def test_held_touches_never_go():
    device = playing()
    device.run(2.0, 5.0)
    assert touches(device.engine, HELD) == [100, 101, 102]
    assert touches(device.engine, TAIL) == []


def test_a_shed_tail_fades_and_is_gone():
    device = playing()
    device.run(0.03, 0.9)
    assert touches(device.engine, FADING) or device.engine.snapshot().n_voices < N_TAILS + 3
    device.run(0.01, 0.1)
    assert touches(device.engine, FADING) == []


def test_without_tails_the_control_rate_falls_in_two_steps_and_no_further():
    device = playing(n_tails=0)
    device.run(2.0, 0.9)
    assert decisions(device.engine) == [(PACE, 6), (PACE, 12)]


def test_under_the_slowest_control_rate_a_held_note_is_in_tune():
    device = playing(n_tails=0, n_held=1)
    device.run(0.2, 0.9)
    heard = device.run(1.2, 0.6)[9600:, 0]
    assert device.engine.snapshot().pace == 12
    assert abs(cents_between(instantaneous_hz(heard, RATE_HZ), 440 * 2 ** (-9 / 12))) < 0.5


def test_tails_go_before_the_control_rate():
    device = playing()
    device.run(2.0, 0.9)
    kinds = [kind for kind, _ in decisions(device.engine)]
    assert kinds == sorted(kinds)
    assert kinds.count(SHED) == N_TAILS


def test_a_calm_of_half_a_second_brings_each_step_back():
    device = playing(n_tails=0)
    device.run(1.0, 0.9)
    device.run(0.4, 0.2)
    assert device.engine.snapshot().pace == 12
    device.run(0.3, 0.2)
    assert device.engine.snapshot().pace == 6
    device.run(0.7, 0.2)
    assert device.engine.snapshot().pace == 3


def test_a_load_between_calm_and_limit_changes_nothing_either_way():
    device = playing(n_tails=0)
    device.run(1.0, 0.9)
    device.run(5.0, 0.55)
    assert device.engine.snapshot().pace == 12


def test_one_gap_of_the_system_is_no_overload():
    device = playing()
    for _ in range(20):
        device.run(0.1, 0.3)
        device.run(0.0014, 8.0)
    assert decisions(device.engine) == []


def test_every_third_buffer_near_its_deadline_is_an_overload_though_the_average_is_not():
    device = playing()
    device.run(0.2, 0.9, 0.3, 0.3)
    assert device.engine.snapshot().shed > 0


def run_loaded(device: Strained, seconds: float, voice: float, frame: float) -> None:
    """Ask under the load that the voices make: each a share, and one that falls with the pace."""
    for _ in range(int(seconds * RATE_HZ / device.n_frames)):
        now = device.engine.snapshot()
        device.load = now.n_voices * (voice + frame * 3 / now.pace)
        device.ask()


def test_no_more_tails_are_given_up_than_the_time_there_is_asks_for():
    device = playing(n_tails=26, n_held=4)
    run_loaded(device, 2.0, voice=0.03, frame=0.01)
    n_voices = device.engine.snapshot().n_voices
    assert 0.45 < n_voices * 0.04 < LIMIT
    assert device.engine.snapshot().pace == 3


@pytest.mark.parametrize("frame", [0.01, 0.05, 0.1, 0.4])
@pytest.mark.parametrize("voice", [0.0, 0.04, 0.2])
def test_a_steady_load_is_met_by_steady_measures(voice: float, frame: float):
    device = playing(n_tails=0, n_held=10)
    run_loaded(device, 2.0, voice / 2, frame / 2)
    engine = device.engine
    settled = engine.snapshot().pace
    engine.applied_events()
    run_loaded(device, 3.0, voice / 2, frame / 2)
    assert (decisions(engine), engine.snapshot().pace) == ([], settled)


def test_without_a_clock_nothing_gives_way():
    device = playing()
    device.engine._state["clock_address"] = 0
    device.run(1.0, 5.0)
    assert decisions(device.engine) == []


def test_the_telemetry_tells_what_gave_way():
    device = playing()
    device.run(2.0, 0.9)
    now = device.engine.snapshot()
    assert (now.shed, now.pace) == (N_TAILS, 12)


def test_shedding_and_slowing_down_do_not_click():
    voice = VoiceSettings(gain_db=-18.0, width=0.0, release_slow_s=20.0, release_fast_s=20.0)
    engine = player(toy_patch(voice=voice))
    for touch in range(4):
        engine.push(strike(touch, 97 * touch, NOTE + touch / 16, press=1.0))
    for touch in range(3):
        engine.push(lift(touch, 2400, press=1.0))
    device = Strained(engine)
    calm = device.run(0.1, 0.1)
    strained = device.run(1.0, 1.2)
    relieved = device.run(2.0, 0.1)
    heard = np.vstack([calm, strained, relieved])
    assert (engine.snapshot().shed, engine.snapshot().pace) == (3, 3)
    assert second_difference(heard) < bound(4, NOTE + 1) * 10 ** (-10 / 20)
