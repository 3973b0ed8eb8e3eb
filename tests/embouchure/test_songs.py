"""A setlist while it is played: steps change what is struck next, and what is held rings on."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from embouchure.commands.stepping_options import stepping
from embouchure.errors import ProgramError
from embouchure.handover import Handover, commands_of
from embouchure.instrument import load_sound, silent_engine
from embouchure.orders import Orders, make_chooser
from embouchure.play_settings import PlaySettings, Predecessor
from embouchure.service.bindings import bindings_of, command_fields
from embouchure.session import Session, open_session
from embouchure.wishes import Wishes
from mapper.stepping import StepControls
from presets import setlists, spaces, store
from presets.setlist import Setlist, make_entry
from synth.engine.engine import Engine
from synth.engine.layout import FREE

RATE_HZ = 48_000
NEXT, BACK = b"\xb0\x43\x7f\xb0\x43\x00", b"\xb0\x41\x7f\xb0\x41\x00"
SPACE = spaces.factory_space()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path / "setlists")
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")


load = partial(load_sound, space=SPACE)
choosers = partial(make_chooser, space=SPACE, wishes=Wishes())


def a_setlist(*presets: str) -> None:
    entries = [make_entry(preset=name) for name in presets]
    entries[1:2] = [
        make_entry(preset=presets[1], title="Slow air", gain_db=-4, transpose_semitones=12)
    ]
    setlists.save_setlist(Setlist(name="friday", entries=tuple(entries)))


def opened(engine: Engine, **more: object) -> Session:
    steps = {"next_control": 67, "previous_control": 65, "next_key": 21, "previous_key": None}
    wishes = stepping(Wishes(mode="mpe"), setlist="friday", **(steps | more))
    settings = PlaySettings(preset="breath", wishes=wishes)
    return open_session(settings, engine, lambda time_s: engine.frame)


@pytest.fixture
def engine() -> Engine:
    return silent_engine(SPACE, RATE_HZ)


@pytest.fixture
def session(engine: Engine) -> Session:
    a_setlist("breath", "pluck", "voice")
    return opened(engine)


def sounding(engine: Engine) -> dict[int, tuple[int, float]]:
    """By note: each voice's slot and that slot's gain."""
    engine.render(RATE_HZ // 20)
    parts = engine.parts()
    voices = [voice for voice in parts["voices"] if voice["status"] != FREE]
    return {
        round(float(voice["note"])): (
            int(voice["patch"]),
            round(float(parts["patches"][int(voice["patch"])]["gain_db"]), 3),
        )
        for voice in voices
    }


def notices(session: Session) -> list[str]:
    return session.take_played().notices


def test_it_begins_with_the_first(session: Session):
    assert session.place() == 0
    assert notices(session) == ["1 of 3: breath."]


def test_a_held_note_rings_on_and_the_next_has_the_next_preset_its_gain_and_transposition(
    session: Session, engine: Engine
):
    for data in (b"\x91\x3c\x60", NEXT, b"\x92\x3e\x60"):
        session.hear(0.0, 0, data)
    slots = sounding(engine)
    assert slots.keys() == {60, 74}
    own_db = load_sound("pluck", SPACE).preset.card.voice.gain_db
    assert slots[60][0] != slots[74][0]
    assert slots[74][1] == pytest.approx(own_db - 4, abs=1e-3)


def test_a_note_held_over_a_step_is_lifted_as_it_was(session: Session, engine: Engine):
    for data in (b"\x91\x3c\x60", NEXT, b"\x81\x3c\x40"):
        session.hear(0.0, 0, data)
    engine.render(4 * RATE_HZ)
    assert sounding(engine) == {}


def test_steps_stop_at_either_end_and_say_so(session: Session):
    session.hear(0.0, 0, BACK + NEXT * 3)
    assert notices(session)[1:] == [
        "This is the first of the setlist.",
        "2 of 3: Slow air.",
        "3 of 3: voice.",
        "This is the last of the setlist.",
    ]
    assert session.place() == 2


def test_a_program_change_goes_to_a_place_and_back(session: Session):
    session.hear(0.0, 0, b"\xc0\x02\xc0\x00\xc0\x07")
    assert session.place() == 0
    assert "asked for 8 of the setlist, which has 3" in notices(session)[-1]


def test_a_key_steps_and_plays_nothing(session: Session, engine: Engine):
    session.hear(0.0, 0, b"\x91\x15\x60\x81\x15\x40")
    assert session.place() == 1
    assert sounding(engine) == {}


def test_going_back_undoes_the_transposition(session: Session, engine: Engine):
    for data in (NEXT, BACK, b"\x91\x3c\x60"):
        session.hear(0.0, 0, data)
    assert sounding(engine).keys() == {60}


def test_without_a_setlist_what_was_bound_steps_through_every_preset(engine: Engine):
    steps = {"next_control": 30, "previous_control": None, "next_key": None, "previous_key": None}
    wishes = stepping(Wishes(mode="mpe"), setlist=None, **steps)
    settings = PlaySettings(preset="breath", wishes=wishes)
    session = open_session(settings, engine, lambda time_s: engine.frame)
    session.hear(0.0, 0, b"\xb0\x1e\x7f")
    assert session.chosen()[-1].name == "drift"


def test_a_missing_preset_is_passed_over_and_named(engine: Engine):
    a_setlist("breath", "gone", "voice")
    session = opened(engine)
    assert (
        "2 of 3 of the setlist cannot be played: there is no preset 'gone'" in notices(session)[0]
    )
    session.hear(0.0, 0, NEXT)
    assert session.place() == 2
    session.hear(0.0, 0, b"\xc0\x01")
    assert session.place() == 2
    session.hear(0.0, 0, BACK)
    assert session.place() == 0


def test_a_setlist_of_which_nothing_can_be_played_is_refused(engine: Engine):
    a_setlist("gone", "lost")
    with pytest.raises(ProgramError, match="nothing of the setlist friday can be played"):
        opened(engine)


def test_without_a_setlist_the_pedal_is_nobodys(engine: Engine):
    wishes = Wishes(mode="mpe")
    session = open_session(PlaySettings(wishes=wishes), engine, lambda time_s: 0)
    session.hear(0.0, 0, NEXT)
    assert notices(session) == []


def test_an_engine_that_takes_over_goes_on_at_the_same_place(session: Session, engine: Engine):
    session.hear(0.0, 0, NEXT)
    before = Predecessor(home=("a", "b"), state=tuple(commands_of(session)))
    next_engine = silent_engine(SPACE, RATE_HZ)
    successor = opened(next_engine)
    Handover(successor, load, choosers, pytest.fail).take(before)
    assert successor.place() == 1
    successor.hear(0.0, 0, b"\x91\x3c\x60")
    next_engine.render(RATE_HZ // 2)
    assert sounding(next_engine).keys() == {72}
    assert commands_of(successor) == commands_of(session)


def test_a_preset_chosen_since_the_place_was_reached_is_the_next_engines_too(session: Session):
    session.hear(0.0, 0, NEXT)
    session.select(0.0, load("drift"))
    before = Predecessor(home=("a", "b"), state=tuple(commands_of(session)))
    successor = opened(silent_engine(SPACE, RATE_HZ))
    Handover(successor, load, choosers, pytest.fail).take(before)
    assert (successor.place(), successor.chosen()[-1].name) == (1, "drift")


@pytest.fixture
def plain(engine: Engine) -> Session:
    """Give a session that began without a setlist."""
    a_setlist("breath", "mallet")
    return open_session(PlaySettings(wishes=Wishes(mode="mpe")), engine, lambda time_s: 0)


def test_a_setlist_can_be_begun_while_playing_and_left_again(plain: Session):
    orders = Orders(plain, load, choosers)
    orders.obey({"command": "setlist", "name": "friday"})
    orders.obey({"command": "step", "step": 1})
    assert (plain.order(), plain.place()) == ("friday", 1)
    assert plain.chosen()[-1].name == "mallet"
    orders.obey({"command": "setlist", "name": None})
    assert (plain.order(), plain.place()) == (None, None)


def test_a_setlist_begun_while_playing_is_gone_on_with_by_the_next_engine(plain: Session):
    orders = Orders(plain, load, choosers)
    orders.obey({"command": "setlist", "name": "friday"})
    orders.obey({"command": "step", "step": 1})
    before = Predecessor(home=("a", "b"), state=tuple(commands_of(plain)))
    settings = PlaySettings(wishes=Wishes(mode="mpe"))
    successor = open_session(settings, silent_engine(SPACE, RATE_HZ), lambda time_s: 0)
    Handover(successor, load, choosers, pytest.fail).take(before)
    assert (successor.order(), successor.place()) == ("friday", 1)


def test_without_a_setlist_steps_go_through_every_preset_and_round(plain: Session):
    orders, seen = Orders(plain, load, choosers), []
    orders.obey({"command": "select", "preset": "breath", "zone": -1})
    for _ in store.names():
        orders.obey({"command": "step", "step": 1})
        seen.append(plain.chosen()[-1].name)
    assert seen[-1] == "breath"
    assert sorted(seen) == sorted(store.names())
    orders.obey({"command": "step", "step": -1})
    assert plain.chosen()[-1].name == seen[-2]


def test_controllers_bound_while_playing_turn_macros_and_step_for_the_next_engine_too(
    plain: Session,
):
    steps = {"next_control": 30, "previous_control": None, "next_key": None, "previous_key": None}
    command = {"command": "bind", "macro_controls": [20, 21, 22, 23], "steps": steps}
    Orders(plain, load, choosers).obey(command)
    before = Predecessor(home=("a", "b"), state=tuple(commands_of(plain)))
    settings = PlaySettings(wishes=Wishes(mode="mpe"))
    successor = open_session(settings, silent_engine(SPACE, RATE_HZ), lambda time_s: 0)
    Handover(successor, load, choosers, pytest.fail).take(before)
    for session in (plain, successor):
        session.hear(0.0, 0, b"\xb0\x14\x7f\xb0\x01\x40\xb0\x1e\x7f")
        assert session.macros() == [1.0, 0.0, 0.0, 0.0]
        assert session.chosen()[-1].name != "breath"


def test_a_key_that_steps_stays_when_a_controller_is_bound(session: Session):
    fields = command_fields(bindings_of((1, 17, 18, 20), StepControls(next_control=30)))
    Orders(session, load, choosers).obey({"command": "bind", **fields})
    session.hear(0.0, 0, b"\x91\x15\x60\x81\x15\x40")
    assert session.place() == 1


def test_stepping_as_fast_as_a_foot_can_leaves_no_gap(session: Session, engine: Engine):
    session.hear(0.0, 0, b"\x91\x3c\x60")
    before = engine.render(RATE_HZ // 2)
    heard = []
    for beat in range(60):
        session.hear(0.5 + beat / 100, 0, NEXT if beat % 4 < 2 else BACK)
        heard.append(engine.render(RATE_HZ // 100))
    level = np.sqrt(np.mean(before[RATE_HZ // 4 :] ** 2))
    assert min(np.sqrt(np.mean(block**2)) for block in heard) > level / 4


@pytest.mark.parametrize(
    "steps",
    [
        {"next_control": 64},
        {"next_control": 120},
        {"next_control": 65},
        {"previous_key": 21},
    ],
)
def test_controls_that_cannot_step_are_refused(steps: dict[str, int], engine: Engine):
    a_setlist("breath", "pluck")
    with pytest.raises(ProgramError, match="choose another"):
        opened(engine, **steps)
