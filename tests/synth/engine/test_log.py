"""The log: what acted and when, and that it gives the same samples again, sheddings and all."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.engine.layout import BLOCK_FRAMES, PACE, RING_EVENTS, SHED
from synth.engine.overload import LIMIT
from tests.synth.phrase import orchestra, phrase, replayed
from tests.synth.strained import Strained
from tests.synth.toy import lift, make_engine, move, strike

N_BUFFERS = 288


def perform(
    loads: list[float], takes: int = 1, seed: int = 3, shift: int = 0
) -> tuple[Strained, np.ndarray, np.ndarray]:
    """Play the phrase under these loads, each for 50 ms; return the device, its sound, its log."""
    device = Strained(orchestra(), 128)
    rng = np.random.default_rng(seed)
    waiting = [e._replace(frame=e.frame + int(rng.integers(-shift, shift + 1))) for e in phrase()]
    heard, log = [], []
    for buffer in range(N_BUFFERS):
        while waiting and waiting[0].frame < device.engine.frame + 128:
            device.engine.push(waiting.pop(0))
        device.load = loads[buffer // 19 % len(loads)]
        heard.append(device.ask())
        if buffer % (N_BUFFERS // takes) == 0:
            log.append(device.engine.applied_events())
    log.append(device.engine.applied_events())
    return device, np.vstack(heard), np.concatenate(log)


def test_a_replay_with_sheddings_gives_the_same_samples():
    device, live, log = perform([0.9, 0.2, 1.5])
    assert {SHED, PACE} <= set(log["kind"].tolist())
    assert np.array_equal(replayed(device.engine, log, len(live)), live)


def test_without_the_sheddings_a_replay_differs():
    device, live, log = perform([0.9, 0.2, 1.5])
    told = log[~np.isin(log["kind"], (SHED, PACE))]
    assert not np.array_equal(replayed(device.engine, told, len(live)), live)


@given(
    loads=st.lists(st.floats(0, 3), min_size=1, max_size=15),
    takes=st.integers(1, N_BUFFERS),
    shift=st.sampled_from([0, 100, 2000]),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=15)
def test_under_any_load_and_however_often_the_log_is_taken_a_replay_gives_the_same_samples(
    loads: list[float], takes: int, shift: int, seed: int
):
    device, live, log = perform(loads, takes, seed, shift)
    assert np.array_equal(replayed(device.engine, log, len(live)), live)


def test_the_log_of_many_takes_is_the_log_of_one():
    once, often = (perform([0.9, 0.2, 1.5], takes)[2] for takes in (1, 50))
    assert once.tolist() == often.tolist()


def test_a_decision_stands_before_the_other_events_of_its_block():
    log = perform([LIMIT + 0.2])[2]
    blocks = log["frame"] // BLOCK_FRAMES
    own = np.isin(log["kind"], (SHED, PACE))
    assert own.any()
    assert all(not (blocks[:i][~own[:i]] == blocks[i]).any() for i in np.flatnonzero(own))


def test_an_event_keeps_its_number():
    engine = make_engine()
    engine.push(strike()._replace(number=41))
    engine.push(move(frame=70)._replace(number=42))
    engine.render(128)
    assert engine.applied_events()["number"].tolist() == [0, 41, 42]


def test_a_late_event_is_logged_at_the_block_in_which_it_acted():
    engine = make_engine()
    engine.render(640)
    engine.push(strike(frame=100))
    engine.render(64)
    assert engine.applied_events()["frame"][-1] == 640


def test_an_event_that_is_yet_to_act_is_not_in_the_log():
    engine = make_engine()
    engine.push(strike(frame=1000))
    engine.render(640)
    assert len(engine.applied_events()) == 1


def test_expression_replaced_by_newer_in_a_full_ring_is_never_in_the_log():
    engine = make_engine()
    engine.push(strike())
    for number in range(1, RING_EVENTS):
        engine.push(move(press=number / RING_EVENTS)._replace(number=number))
    engine.render(64)
    logged = engine.applied_events()["number"].tolist()
    engine.flush()
    engine.render(64)
    logged += engine.applied_events()["number"].tolist()
    assert logged == [0, 0, *range(1, len(logged) - 2), RING_EVENTS - 1]
    assert len(logged) < RING_EVENTS


def test_events_that_nobody_took_in_time_are_counted():
    engine = make_engine()
    for _ in range(3):
        for touch in range(10_000):
            engine.push(lift(touch))
        engine.render(64)
    assert len(engine.applied_events()) == RING_EVENTS
    assert engine.n_unlogged == 30_001 - RING_EVENTS
