from typing import Any

import numpy as np
import pytest

from embouchure.instrument import load_sound, silent_engine
from embouchure.play_settings import PlaySettings
from embouchure.session import Session, open_session
from embouchure.space_file import load_space
from embouchure.wishes import Wishes
from mapper.manner import Manner
from mapper.performance import Played
from mapper.touch import Kind, TouchEvent
from mapper.tuning import read_tuning
from presets.store import names
from synth.engine.engine import Engine
from synth.engine.layout import FREE

RATE_HZ = 48_000
STRIKE = b"\x91\x45\x60"
LIFT = b"\x81\x45\x40"


@pytest.fixture
def engine() -> Engine:
    return silent_engine(load_space(), RATE_HZ)


@pytest.fixture
def session(engine: Engine) -> Session:
    return session_with(engine)


def session_with(engine: Engine, **wishes: Any) -> Session:  # noqa: ANN401
    settings = PlaySettings(preset="breath", wishes=Wishes(**{"mode": "mpe", **wishes}))
    return open_session(settings, engine, lambda time_s: round(time_s * RATE_HZ))


def sounding(engine: Engine) -> dict[int, int]:
    """Render on, and tell by note the slot of the patch that each voice sounds with."""
    engine.render(RATE_HZ // 20)
    voices = [voice for voice in engine.parts()["voices"] if voice["status"] != FREE]
    return {round(float(voice["note"])): int(voice["patch"]) for voice in voices}


def level_db(engine: Engine, seconds: float) -> float:
    sound = engine.render(round(seconds * RATE_HZ))
    return float(10 * np.log10(np.mean(sound**2) + 1e-20))


def kinds(engine: Engine) -> list[Kind]:
    return [Kind(int(event["kind"])) for event in engine.applied_events() if event["kind"] < 8]


def test_a_struck_note_sounds(session: Session, engine: Engine) -> None:
    session.hear(0.0, 0, STRIKE)
    assert level_db(engine, 0.5) > -50


def test_nothing_sounds_before_a_note(engine: Engine) -> None:
    assert level_db(engine, 0.5) < -150


def test_a_note_sounds_at_its_time(session: Session, engine: Engine) -> None:
    session.hear(0.1, 0, STRIKE)
    assert level_db(engine, 0.09) < -150
    assert level_db(engine, 0.2) > -50


def test_a_lifted_note_ends(session: Session, engine: Engine) -> None:
    session.hear(0.0, 0, STRIKE)
    session.hear(0.5, 0, LIFT)
    engine.render(8 * RATE_HZ)
    assert level_db(engine, 0.5) < -100


def test_panic_silences_at_once(session: Session, engine: Engine) -> None:
    session.hear(0.0, 0, STRIKE)
    session.panic(0.5)
    engine.render(round(0.6 * RATE_HZ))
    assert level_db(engine, 0.5) < -120


def test_panic_silences_what_sounds_by_itself_before_any_port_was_heard(
    session: Session, engine: Engine
) -> None:
    session.push([TouchEvent(0.0, Kind.STRIKE, 1, 0, 60.0, 0.8)])
    session.panic(0.5)
    engine.render(round(0.6 * RATE_HZ))
    assert level_db(engine, 0.5) < -120


def test_a_bend_range_set_on_one_port_is_not_anothers(session: Session, engine: Engine) -> None:
    for data in (
        b"\xb1\x65\x00",
        b"\xb1\x64\x00",
        b"\xb1\x06\x0c",
        b"\x91\x45\x40",
        b"\xe1\x7f\x7f",
    ):
        session.hear(0.0, 0, data)
    for data in (b"\x91\x45\x40", b"\xe1\x7f\x7f"):
        session.hear(0.0, 1, data)
    engine.render(RATE_HZ // 10)
    moved = [event for event in engine.applied_events() if event["kind"] == Kind.MOVE]
    assert [round(float(event["glide_semitones"])) for event in moved] == [12, 48]


def test_a_released_port_holds_no_touch(session: Session, engine: Engine) -> None:
    session.hear(0.0, 0, STRIKE)
    session.hear(0.0, 1, STRIKE)
    session.release(0.1, 0)
    engine.render(RATE_HZ // 2)
    assert kinds(engine) == [Kind.STRIKE, Kind.STRIKE, Kind.LIFT]


def test_what_was_heard_is_handed_over_once(session: Session) -> None:
    session.hear(0.25, 3, STRIKE)
    assert session.take_played().heard == [Played(0.25, 3, STRIKE)]
    assert session.take_played().heard == []


def test_what_the_performer_plays_is_not_kept(session: Session) -> None:
    session.perform(0.0, 15, STRIKE)
    assert session.take_played().heard == []


def test_a_held_note_keeps_its_preset_and_the_next_has_the_new_one(
    session: Session, engine: Engine
) -> None:
    session.hear(0.0, 0, b"\x91\x45\x60")
    session.select(0.1, load_sound("pluck", engine.space))
    session.hear(0.2, 0, b"\x92\x40\x60")
    engine.render(RATE_HZ // 4)
    slots = sounding(engine)
    assert slots[0x45] != slots[0x40]


def test_each_zone_has_its_own_preset(engine: Engine) -> None:
    session = session_with(engine, zone_presets={"upper": "bow"})
    for data in (b"\xb0\x65\x00\xb0\x64\x06\xb0\x06\x05", b"\xbf\x65\x00\xbf\x64\x06\xbf\x06\x05"):
        session.hear(0.0, 0, data)
    session.hear(0.0, 0, b"\x91\x45\x60\x9e\x40\x60")
    slots = sounding(engine)
    assert slots[0x45] != slots[0x40]
    assert session.chosen()[15].name == "bow"


def test_a_program_change_chooses_by_the_order_of_the_list_before_the_next_note(
    session: Session, engine: Engine
) -> None:
    session.hear(0.0, 0, b"\x91\x45\x60")
    session.hear(0.0, 0, bytes((0xC0, names().index("mallet"))))
    session.hear(0.0, 0, b"\x92\x40\x60")
    slots = sounding(engine)
    assert slots[0x45] != slots[0x40]
    assert session.chosen()[0].name == "mallet"


def test_a_program_that_there_is_not_is_told_and_changes_nothing(session: Session) -> None:
    session.hear(0.0, 0, b"\xc0\x7f")
    played = session.take_played()
    (notice,) = played.notices
    assert notice.startswith("The controller asked for preset 128, and there are ")
    assert [sound.name for sound in session.chosen().values()] == ["breath"]


def test_a_manner_set_under_a_held_chord_is_for_the_strikes_to_come(
    session: Session, engine: Engine
) -> None:
    chord = [bytes((0x91 + finger, 50 + finger, 90)) for finger in range(10)]
    for data in chord:
        session.hear(0.0, 0, data)
    session.set_manner(0.1, Manner(mono=True))
    session.hear(0.2, 0, b"\x9b\x50\x60")
    session.hear(0.3, 0, b"\x9c\x52\x60")
    engine.render(RATE_HZ // 2)
    assert engine.snapshot().n_held == 11


def test_a_tuning_set_under_a_held_note_is_for_the_strikes_to_come(
    session: Session, engine: Engine
) -> None:
    session.hear(0.0, 0, b"\x91\x45\x60")
    session.set_tuning(0.1, read_tuning(a4_hz=415.0))
    session.hear(0.2, 0, b"\x92\x45\x60")
    engine.render(RATE_HZ // 2)
    struck = [event for event in engine.applied_events() if event["kind"] == Kind.STRIKE]
    assert [round(float(event["note"]), 2) for event in struck] == [69.0, 67.99]


def test_the_players_wishes_go_before_the_presets_manner(engine: Engine) -> None:
    session = session_with(engine, mono=True)
    session.hear(0.0, 0, b"\x91\x45\x60")
    session.hear(0.1, 0, b"\x92\x47\x60")
    engine.render(RATE_HZ // 2)
    assert engine.snapshot().n_held == 1


def test_volume_and_macros_reach_the_engine(session: Session, engine: Engine) -> None:
    session.hear(0.0, 0, b"\xb0\x07\x40")
    session.hear(0.0, 0, b"\xb0\x01\x40")
    engine.render(64)
    assert kinds(engine) == [Kind.LEVEL, Kind.MACRO]


def test_ten_held_notes_ring_on_through_every_choice(session: Session, engine: Engine) -> None:
    for finger in range(10):
        session.hear(0.0, 0, bytes((0x91 + finger, 50 + finger, 90, 0xD1 + finger, 60)))
    before = level_db(engine, 0.5)
    session.select(0.5, load_sound("bow", engine.space))
    session.hear(0.5, 0, b"\xcf\x02")
    session.set_tuning(0.5, read_tuning(a4_hz=442.0))
    session.set_manner(0.5, Manner(mono=True, relative_slide=True))
    assert level_db(engine, 0.5) == pytest.approx(before, abs=2.0)
    assert engine.snapshot().n_held == 10
    session.release_all(1.0)
    engine.render(20 * RATE_HZ)
    assert engine.snapshot().n_voices == 0
