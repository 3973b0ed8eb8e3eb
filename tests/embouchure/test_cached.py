"""Playing from caches: chosen at the start or while playing, kept by the journal and the handover."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from embouchure.handover import commands_of
from embouchure.instrument import load_sound, silent_engine
from embouchure.orders import make_chooser
from embouchure.play_settings import PlaySettings
from embouchure.replay import sound_of_segment
from embouchure.segments import read_segments
from embouchure.session import Session, open_session
from embouchure.space_file import load_space
from embouchure.wishes import Wishes
from mapper.manner import Manner
from presets import setlists
from presets.caches import find_cache, place_of
from presets.caching import build_cache
from presets.setlist import Setlist, make_entry
from presets.store import load, names
from synth.engine.engine import Engine
from synth.engine.layout import FREE
from synth.space import SpaceError
from tests.embouchure.stage import Stage

RATE_HZ = 48_000
LIMIT_BYTES = 6 * 2**20
STRIKE, OTHER_STRIKE = b"\x91\x45\x60", b"\x92\x40\x60"


@pytest.fixture(scope="module", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory):
    """A folder of caches that holds a small one of breath, not judged."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("caches")
        patched.setattr("presets.caches.folder", lambda: folder)
        patched.setattr("presets.caching.errors", lambda *_: {})
        patched.setattr("presets.caching.plays_live", lambda _: False)
        build_cache(load("breath"), load_space(), limit_bytes=LIMIT_BYTES)
        yield folder


@pytest.fixture
def engine() -> Engine:
    return silent_engine(load_space(), RATE_HZ)


def session_of(engine: Engine, preset: str = "breath", *, cached: bool = False) -> Session:
    settings = PlaySettings(preset=preset, wishes=Wishes(mode="mpe", cached=cached))
    return open_session(settings, engine, lambda time_s: round(time_s * RATE_HZ))


def sources(engine: Engine) -> dict[int, bool]:
    """Render on, and tell by note whether each voice's controls come from a cache."""
    engine.render(RATE_HZ // 20)
    patches = engine.parts()["patches"]
    return {
        round(float(voice["note"])): bool(patches[int(voice["patch"])]["lattice_address"])
        for voice in engine.parts()["voices"]
        if voice["status"] != FREE
    }


def test_playing_begins_with_the_decoder(engine: Engine) -> None:
    session_of(engine).hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: False}


def test_playing_begins_with_the_cache_where_that_was_asked_for(engine: Engine) -> None:
    session_of(engine, cached=True).hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: True}


def test_a_change_to_the_cache_is_for_what_is_struck_from_then_on(engine: Engine) -> None:
    session = session_of(engine)
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: False}
    session.set_cached(0.1, is_cached=True)
    session.hear(0.1, 0, OTHER_STRIKE)
    assert sources(engine) == {69: False, 64: True}


def test_and_so_is_the_change_back(engine: Engine) -> None:
    session = session_of(engine, cached=True)
    session.hear(0.0, 0, STRIKE)
    sources(engine)
    session.set_cached(0.1, is_cached=False)
    session.hear(0.1, 0, OTHER_STRIKE)
    assert sources(engine) == {69: True, 64: False}


def test_a_manner_set_while_playing_outlives_the_change(engine: Engine) -> None:
    session = session_of(engine)
    session.set_manner(0.0, Manner(mono=True))
    session.set_cached(0.0, is_cached=True)
    session.hear(0.0, 0, STRIKE + OTHER_STRIKE)
    assert sources(engine) == {64: True}
    assert session.manners()


def test_what_is_chosen_and_told_stays_the_same(engine: Engine) -> None:
    session = session_of(engine)
    before = session.chosen()
    session.set_cached(0.1, is_cached=True)
    assert session.chosen() == before
    assert session.take_played().notices == ["New notes take their controls from their cache."]


def test_without_a_cache_the_decoder_is_played_and_the_player_told(engine: Engine) -> None:
    session = session_of(engine, "bow", cached=True)
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: False}
    (notice,) = session.take_played().notices
    assert notice == (
        "The decoder itself is played: bow has no cache; embouchure space cache bow builds one."
    )


def test_a_preset_chosen_later_comes_from_its_cache_too(engine: Engine) -> None:
    session = session_of(engine, "bow", cached=True)
    session.select(0.0, load_sound("breath", engine.space))
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: True}


def too_late(path: Path) -> None:
    pytest.fail(f"{path} is mapped while the player waits")


def program_change(preset: str) -> bytes:
    return bytes([0xC0, names().index(preset)])


def test_what_a_program_change_can_choose_is_mapped_before_and_not_while_the_player_waits(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of(engine, "bow")
    session.set_cached(0.0, is_cached=True)
    monkeypatch.setattr("presets.caches.open_lattice", too_late)
    session.hear(0.0, 0, program_change("breath"))
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: True}


def test_so_is_what_a_setlist_begun_afterwards_can_choose(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path)
    entries = tuple(make_entry(preset=name) for name in ("bow", "breath"))
    setlists.save_setlist(Setlist(name="friday", entries=entries))
    session = session_of(engine)
    session.set_cached(0.0, is_cached=True)
    session.go_through(0.0, make_chooser("friday", engine.space, Wishes()))
    monkeypatch.setattr("presets.caches.open_lattice", too_late)
    session.go_to(0.0, 1)
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: True}


def test_a_damaged_cache_is_told_and_the_decoder_played(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presets.caches.folder", lambda: tmp_path)
    place_of(load("breath")).write_bytes(b"nothing good")
    session = session_of(engine, cached=True)
    session.hear(0.0, 0, STRIKE)
    assert sources(engine) == {69: False}
    assert "build it again" in session.take_played().notices[0]


def test_the_next_engine_process_goes_on_as_chosen(engine: Engine) -> None:
    session = session_of(engine)
    assert {"command": "cached", "on": True} not in commands_of(session)
    session.set_cached(0.1, is_cached=True)
    assert {"command": "cached", "on": True} in commands_of(session)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "a.journal", "breath")


def play_both(stage: Stage) -> np.ndarray:
    stage.hear(0.01, STRIKE)
    stage.run_ahead(0.2)
    stage.session.set_cached(0.2, is_cached=True)
    stage.hear(0.25, OTHER_STRIKE + b"\xd2\x60")
    stage.run_ahead(0.5)
    stage.session.set_cached(0.5, is_cached=False)
    stage.hear(0.55, b"\x93\x4a\x50\x82\x40\x40")
    return stage.end()


def replayed(path: Path) -> np.ndarray:
    (segment,) = read_segments(path)
    assert not segment.doubt()
    return np.concatenate(list(sound_of_segment(segment, tail_s=1.0)))


def test_a_journal_gives_what_was_heard_from_cache_and_decoder_sample_for_sample(
    stage: Stage,
) -> None:
    heard = play_both(stage)
    assert abs(heard).max() > 0.001
    assert np.array_equal(replayed(stage.path), heard)


def test_changing_does_change_the_sound(stage: Stage, tmp_path: Path) -> None:
    other = Stage(tmp_path / "b.journal", "breath")
    other.session.set_cached = lambda *_, **__: None  # type: ignore[method-assign]
    assert not np.array_equal(play_both(stage), play_both(other))


def test_a_journal_whose_cache_is_gone_says_so(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_both(stage)
    monkeypatch.setattr("presets.caches.folder", lambda: tmp_path / "none")
    with pytest.raises(SpaceError, match="cache that breath was played from is gone"):
        replayed(stage.path)


def test_the_command_says_what_it_built_and_how_near_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presets.caches.folder", lambda: tmp_path)
    monkeypatch.setattr("presets.caching.errors", lambda *_: {"partials_db": 0.5, "noise_db": 0.25})
    done = CliRunner().invoke(app, ["space", "cache", "breath", "--limit-mb", "4"])
    assert done.exit_code == 0, done.output
    assert "breath: " in done.output
    assert "MB, from the decoder partials 0.50 dB, noise 0.25 dB." in done.output
    assert find_cache(load("breath"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sounds", "breath"], "presets were named too"),
        (["--sound", "x"], "belong to --sounds"),
    ],
)
def test_what_cannot_be_built_is_refused(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["space", "cache", *arguments])
    assert words in str(done.exception)
