"""The rack: a patch keeps its slot as long as anything sounds or may sound with it."""

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.layout import N_PATCHES, RING_EVENTS
from tests.synth.toy import lift, make_engine, move, strike, toy_patch


def installed_after_many_more(engine: Engine, slot: int) -> bool:
    """Whether a slot keeps its patch while as many others are put in as there are slots."""
    kept = engine._rack.installed[slot]
    for _ in range(2 * N_PATCHES):
        engine.install(toy_patch())
    return engine._rack.installed[slot] is kept


def test_a_slot_is_kept_while_a_tail_sounds_with_it():
    engine = make_engine()
    engine.push(strike())
    engine.push(lift(frame=64))
    engine.render(128)
    engine.select(engine.install(toy_patch()))
    engine.render(64)
    assert installed_after_many_more(engine, 1)


def test_a_slot_is_free_when_nothing_sounds_with_it_any_more():
    engine = make_engine()
    engine.push(strike())
    engine.push(lift(frame=64))
    engine.select(engine.install(toy_patch()), frame=128)
    engine.render(48_000)
    assert not installed_after_many_more(engine, 1)


def test_a_slot_that_a_single_zone_holds_is_kept():
    engine = make_engine()
    slot = engine.install(toy_patch())
    engine.select(slot, zone=255)
    engine.render(64)
    assert installed_after_many_more(engine, slot)


def test_a_slot_that_an_event_on_its_way_selects_is_kept():
    engine = make_engine()
    engine.render(64)
    slot = engine.install(toy_patch())
    engine.select(slot, frame=10_000, zone=3)
    assert installed_after_many_more(engine, slot)


def test_a_slot_selected_while_the_ring_is_full_is_kept():
    engine = make_engine()
    engine.render(64)
    for touch in range(RING_EVENTS):
        engine.push(lift(touch))
    slot = engine.install(toy_patch())
    engine.select(slot, zone=3)
    assert engine._writer.waiting == 1
    assert installed_after_many_more(engine, slot)


def test_a_patch_that_is_there_keeps_its_slot():
    engine, patch = make_engine(), toy_patch()
    assert engine.install(patch) == engine.install(patch)


def test_when_every_slot_is_in_use_a_patch_is_refused_in_words():
    engine = make_engine()
    engine.render(64)
    for zone in range(N_PATCHES - 1):
        engine.select(engine.install(toy_patch()), zone=zone)
    engine.render(64)
    with pytest.raises(RuntimeError, match="wait for the tails to end"):
        engine.install(toy_patch())


def test_a_held_chord_rings_on_as_struck_through_sixteen_changes():
    def chord(changes: int) -> np.ndarray:
        engine = make_engine()
        for touch in range(10):
            engine.push(strike(touch, note=48.0 + 3 * touch, press=0.4))
        heard = [engine.render(2048)]
        for change in range(changes):
            engine.select(engine.install(toy_patch(cents=100.0 * change)), zone=change % 3 - 1)
            heard.append(engine.render(2048))
        heard.append(engine.render(2048 * (17 - len(heard))))
        return np.vstack(heard)[: 17 * 2048]

    assert np.array_equal(chord(16), chord(0))


def test_a_zones_own_patch_sounds_in_that_zone_only():
    engine = make_engine()
    high = engine.install(toy_patch(cents=1200.0))
    engine.select(high, zone=7)
    engine.push(strike(1, zone=7))
    engine.push(strike(2, zone=8))
    engine.push(move(2, zone=8))
    engine.render(64)
    assert engine._voices["patch"][:2].tolist() == [high, 1]
    assert engine._voices["f0_hz"][:2].tolist() == pytest.approx([880.0, 440.0])


def test_selecting_for_every_zone_replaces_a_zones_own_patch():
    engine = make_engine()
    engine.select(engine.install(toy_patch(cents=1200.0)), zone=7)
    engine.select(1)
    engine.push(strike(zone=7))
    engine.render(64)
    assert engine._voices["f0_hz"][0] == pytest.approx(440.0)
