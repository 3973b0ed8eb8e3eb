import numpy as np
import pytest

from embouchure.instrument import open_engine
from embouchure.session import Session
from mapper.performance import Played
from mapper.touch import Kind
from synth.engine.engine import Engine

RATE_HZ = 48_000
STRIKE = b"\x91\x45\x60"
LIFT = b"\x81\x45\x40"


@pytest.fixture
def engine() -> Engine:
    return open_engine("breath", RATE_HZ)


@pytest.fixture
def session(engine: Engine) -> Session:
    return Session(engine, lambda time_s: round(time_s * RATE_HZ))


def level_db(engine: Engine, seconds: float) -> float:
    sound = engine.render(round(seconds * RATE_HZ))
    return float(10 * np.log10(np.mean(sound**2) + 1e-20))


def kinds(engine: Engine) -> list[Kind]:
    return [Kind(int(event["kind"])) for event in engine.applied_events() if event["kind"] < 6]


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
