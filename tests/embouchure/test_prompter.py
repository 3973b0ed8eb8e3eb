import time
from collections.abc import Iterator

import numpy as np
import pytest

from calibration.guide import Tone
from calibration.targets.articulations import articulate
from embouchure.cues import CLICK_ZONE, PROMPT_ZONE, pack_tone
from embouchure.instrument import Sound, load_sound, silent_engine, sound_of_tone
from embouchure.leader import clicks
from embouchure.prompter import FIRST_TOUCH, Prompter
from embouchure.session import Session
from embouchure.space_file import load_space
from mapper.touch import Kind, TouchEvent
from presets.factory.demonstrations import Composer
from presets.factory.recipes import RECIPES
from presets.store import load
from synth.engine.engine import Engine
from synth.engine.layout import FREE, SELECT, STRIKE

RATE_HZ = 48_000


@pytest.fixture
def engine() -> Engine:
    return silent_engine(load_space(), RATE_HZ)


@pytest.fixture
def session(engine: Engine) -> Session:
    made = Session(engine, lambda _: 0)
    made.select(0.0, load_sound("breath", engine.space))
    return made


@pytest.fixture
def prompter(session: Session) -> Iterator[Prompter]:
    made = Prompter(session)
    yield made
    made.stop()


@pytest.fixture
def bow(engine: Engine) -> Sound:
    return sound_of_tone(engine.space, **pack_tone(Tone(name="mine", preset=load("bow"))))


def touch(in_s: float, held_s: float = 0.02) -> list[TouchEvent]:
    at_s = time.perf_counter() + in_s
    strike = TouchEvent(at_s, Kind.STRIKE, 1, 0, 60.0, 0.8)
    return [strike, strike._replace(time_s=at_s + held_s, kind=Kind.LIFT, lift=0.5)]


def acted(engine: Engine, after_s: float) -> list[tuple[int, int]]:
    """Kinds and zones of the events that have acted after some time."""
    time.sleep(after_s)
    engine.render(64)
    return [(int(one["kind"]), int(one["zone"])) for one in engine.applied_events()]


def test_a_prompted_touch_sounds_with_its_own_sound_in_its_own_zone(
    prompter: Prompter, engine: Engine, bow: Sound
) -> None:
    acted(engine, 0.0)
    prompter.prompt(touch(0.0), bow, PROMPT_ZONE)
    assert acted(engine, 0.1) == [
        (SELECT, PROMPT_ZONE),
        (Kind.STRIKE, PROMPT_ZONE),
        (Kind.LIFT, PROMPT_ZONE),
    ]


def test_it_keeps_its_sound_though_another_is_chosen_before_its_time(
    prompter: Prompter, session: Session, engine: Engine, bow: Sound
) -> None:
    prompter.prompt(touch(0.1, held_s=1.0), bow, PROMPT_ZONE)
    session.select(0.0, load_sound("pluck", engine.space))
    acted(engine, 0.2)
    (voice,) = (one for one in engine.parts()["voices"] if one["status"] != FREE)
    assert int(voice["patch"]) == engine.install(bow.patch)


def test_a_target_sounds_from_the_strike_on_and_ends_at_its_own_end(engine: Engine) -> None:
    made = articulate(Composer(engine.space, RECIPES[0]), "accent", note=60.0)
    tone = Tone(name="accent", preset=load("breath"), target=made)
    session = Session(engine, lambda time_s: round(time_s * RATE_HZ))
    session.select(0.0, sound_of_tone(engine.space, **pack_tone(tone)))
    session.push([TouchEvent(0.0, Kind.STRIKE, 1, 0, 60.0, 0.8)])
    assert np.abs(engine.render(RATE_HZ)).max() > 0.01
    engine.render(round(made.length_s * RATE_HZ))
    assert np.abs(engine.render(2 * RATE_HZ)[RATE_HZ:]).max() < 0.001


def test_a_touch_is_not_prompted_before_its_time(
    prompter: Prompter, engine: Engine, bow: Sound
) -> None:
    acted(engine, 0.0)
    prompter.prompt(touch(0.3), bow, PROMPT_ZONE)
    assert acted(engine, 0.1) == []
    assert (STRIKE, PROMPT_ZONE) in acted(engine, 0.3)


def test_what_is_forgotten_is_not_prompted(prompter: Prompter, engine: Engine, bow: Sound) -> None:
    acted(engine, 0.0)
    prompter.prompt(touch(0.1), bow, PROMPT_ZONE)
    prompter.forget()
    assert acted(engine, 0.2) == []


def test_what_sounds_when_the_rest_is_forgotten_is_lifted_at_once(
    prompter: Prompter, engine: Engine, bow: Sound
) -> None:
    prompter.prompt(touch(0.0, held_s=60.0), bow, PROMPT_ZONE)
    assert (STRIKE, PROMPT_ZONE) in acted(engine, 0.1)
    prompter.forget()
    assert acted(engine, 0.1) == [(Kind.LIFT, PROMPT_ZONE)]


def test_prompts_given_in_any_order_play_in_the_order_of_time(
    prompter: Prompter, engine: Engine, bow: Sound
) -> None:
    acted(engine, 0.0)
    prompter.prompt(touch(0.15), bow, PROMPT_ZONE)
    prompter.prompt(clicks([time.perf_counter() + 0.05]), bow, CLICK_ZONE)
    zones = [zone for kind, zone in acted(engine, 0.3) if kind == STRIKE]
    assert zones == [CLICK_ZONE, PROMPT_ZONE]


def test_prompted_touches_have_numbers_that_no_controller_gives(
    prompter: Prompter, engine: Engine, bow: Sound
) -> None:
    prompter.prompt(touch(0.0), bow, PROMPT_ZONE)
    prompter.prompt(touch(0.0), bow, PROMPT_ZONE)
    time.sleep(0.1)
    engine.render(64)
    struck = [int(e["touch"]) for e in engine.applied_events() if e["kind"] == STRIKE]
    assert struck == [FIRST_TOUCH, FIRST_TOUCH + 1]


def test_the_engine_sounds_what_is_prompted(prompter: Prompter, engine: Engine, bow: Sound) -> None:
    prompter.prompt(touch(0.0, held_s=0.1), bow, PROMPT_ZONE)
    time.sleep(0.05)
    assert np.abs(engine.render(RATE_HZ // 10)).max() > 0.01
