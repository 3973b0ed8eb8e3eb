"""Patches with a lattice: the engine looks controls up where it would have run the decoder."""

from dataclasses import replace

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.layout import FREE
from synth.lattice import Lattice
from synth.lattice_ground import Reach, survey
from synth.lattice_plan import plan_grid
from synth.patch import Patch, VoiceSettings
from synth.space import Space, SpaceError
from tests.synth.measures import power_db, second_difference
from tests.synth.toy import (
    flat_space,
    lift,
    make_engine,
    move,
    random_space,
    strike,
    toy_patch,
)
from tests.synth.toy_lattice import KEY, toy_lattice

SPACE = random_space(3)
NOTE = 60.0
DARK = flat_space((0.0, -20.0, -30.0), slide_db=6.0)
QUIET = VoiceSettings(gain_db=-8.0, width=0.0)


def cached_patch(space: Space = SPACE, **settings: object) -> Patch:
    return replace(toy_patch(**settings), lattice=toy_lattice(space))


def toy_played(seed: int = 1) -> Reach:
    """What the toy mapping says: slide moves code 0, press the loudness."""
    rng = np.random.default_rng(seed)
    codes = 0.02 * rng.normal(size=(900, 16))
    codes[:, 0] += rng.uniform(-0.5, 0.5, 900)
    return Reach(codes, rng.uniform(-50.0, -20.0, 900), rng.uniform(40.0, 80.0, 900))


def toy_cache(space: Space) -> Lattice:
    plan = plan_grid(space, survey(space, toy_played()), "the toy", KEY, 2**22)
    table = np.stack([plan.rows(code) for code in range(plan.card.n_codes)])
    return Lattice(plan.card, plan.arrays | {"table": table})


def sounded(engine: Engine, n_frames: int = 24_000) -> np.ndarray:
    return engine.render(n_frames)


def phrase(patch: Patch, space: Space = SPACE) -> np.ndarray:
    engine = make_engine(space, patch)
    for touch in range(6):
        engine.push(strike(touch, 900 * touch, NOTE + 2 * touch, slide=0.1 * touch))
        engine.push(move(touch, 6000 + 100 * touch, 0.9, NOTE + 2 * touch, slide=0.9))
        engine.push(lift(touch, 14_000 + 500 * touch))
    return sounded(engine)


def spectrum_db(sound: np.ndarray) -> np.ndarray:
    power = abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)))) ** 2
    bands = np.add.reduceat(power, np.unique(np.geomspace(40, len(power) - 1, 60).astype(int)))
    return 10.0 * np.log10(bands + 1e-9)


def test_a_patch_with_its_cache_sounds_nearly_as_the_decoder():
    cache = toy_cache(SPACE)
    live, cached = phrase(toy_patch()), phrase(replace(toy_patch(), lattice=cache))
    away = abs(spectrum_db(live) - spectrum_db(cached))
    assert not np.array_equal(live, cached)
    assert away.mean() < 0.3
    assert abs(power_db(live) - power_db(cached)) < 0.2


def test_the_same_playing_gives_the_same_samples():
    patch = cached_patch()
    assert np.array_equal(phrase(patch), phrase(patch))


def test_a_voice_with_a_cache_sounds_the_same_beside_voices_without():
    alone, among = make_engine(SPACE, cached_patch()), make_engine(SPACE, cached_patch())
    alone.push(strike(1, 0, NOTE))
    among.push(strike(1, 0, NOTE))
    for engine in (alone, among):
        engine.render(64)
    among.select(among.install(toy_patch(voice=VoiceSettings(gain_db=-60.0))))
    for touch in range(2, 7):
        among.push(strike(touch, 64, NOTE + touch, press=0.0))
    for engine in (alone, among):
        engine.render(960)
    ours = [
        next(voice for voice in engine.parts()["voices"] if voice["touch"] == 1)
        for engine in (alone, among)
    ]
    assert np.array_equal(ours[0]["amplitude_goal"], ours[1]["amplitude_goal"])
    assert ours[0]["amplitude_goal"].max() > 0


def test_a_live_voice_sounds_the_same_beside_voices_with_a_cache():
    wanted, found = make_engine(SPACE), make_engine(SPACE)
    for engine in (wanted, found):
        engine.push(strike(1, 0, NOTE))
        engine.render(64)
    found.select(found.install(cached_patch()))
    for touch in range(2, 7):
        found.push(strike(touch, 64, NOTE + touch))
    for engine in (wanted, found):
        engine.render(960)
    ours = [
        next(voice for voice in engine.parts()["voices"] if voice["touch"] == 1)
        for engine in (wanted, found)
    ]
    assert np.array_equal(ours[0]["amplitude_goal"], ours[1]["amplitude_goal"])


def test_held_voices_keep_what_they_were_struck_with():
    engine = make_engine(SPACE)
    engine.push(strike(1, 0, NOTE))
    engine.render(640)
    engine.select(engine.install(cached_patch()))
    engine.push(strike(2, 640, NOTE + 4))
    engine.render(640)
    patches = engine.parts()["patches"]
    has_cache = {
        int(voice["touch"]): bool(patches[int(voice["patch"])]["lattice_address"])
        for voice in engine.parts()["voices"]
        if voice["status"] != FREE
    }
    assert has_cache == {1: False, 2: True}


def legato(lattices: tuple[Lattice | None, ...]) -> np.ndarray:
    """Strike note after note while the ones before are held or ring, each with the next patch."""
    engine = make_engine(DARK, toy_patch(voice=QUIET))
    heard = []
    for turn in range(8):
        lattice = lattices[turn % len(lattices)]
        engine.select(engine.install(replace(toy_patch(voice=QUIET), lattice=lattice)))
        heard.append(engine.render(1600))
        engine.push(strike(turn, engine.frame, 45.0 + turn % 3, press=0.8))
        heard.append(engine.render(4800))
        engine.push(lift(turn, engine.frame + 2400))
    return np.vstack(heard)


def test_changing_to_the_cache_and_back_under_held_notes_does_not_click():
    cache = toy_cache(DARK)
    live, cached, changing = (legato(each) for each in ((None,), (cache,), (None, cache)))
    assert power_db(changing) > -50.0
    rough = max(second_difference(live), second_difference(cached))
    assert second_difference(changing) < 1.1 * rough < 0.1 * abs(changing).max()


@pytest.fixture(scope="module")
def large_space() -> Space:
    """A decoder that the engine has no time for."""
    return random_space(5, hidden=(512, 512))


def test_a_decoder_too_large_to_run_is_played_from_its_cache(large_space: Space):
    engine = make_engine(large_space, replace(toy_patch(), lattice=toy_cache(large_space)))
    engine.push(strike(1, 0, NOTE))
    assert power_db(sounded(engine)) > -60.0


def test_without_a_cache_such_a_decoder_is_refused_in_one_sentence(large_space: Space):
    with pytest.raises(SpaceError, match=r"layers of up to 512 numbers.*embouchure space cache"):
        Engine(large_space).install(toy_patch())
