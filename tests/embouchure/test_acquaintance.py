"""An acquaintance looks at one input of the live session, for as long as somebody asks."""

from embouchure.engine_link import Report
from embouchure.parcel import pack
from embouchure.service.acquaintance import FORGOTTEN_AFTER_S, Acquaintance
from embouchure.service.stage import Stage
from mapper.performance import Played

STRIKE = bytes((0x91, 60, 90))


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def heard(*played: Played) -> Report:
    return {"report": "heard", **pack(played)}


def begun() -> tuple[Stage, Clock, Acquaintance]:
    stage, clock = Stage(), Clock()
    acquaintance = Acquaintance(stage, clock)
    acquaintance.begin(1, "Seaboard RISE")
    return stage, clock, acquaintance


def looking(stage: Stage) -> list[Acquaintance]:
    return [guest for guest in stage.guests if isinstance(guest, Acquaintance)]


def test_it_sees_its_own_input_and_no_other():
    stage, _, acquaintance = begun()
    looking(stage)[0].hear(heard(Played(0.0, 1, STRIKE), Played(0.1, 0, STRIKE)))
    seen = acquaintance.seen()
    assert seen is not None
    assert (seen["controller"], seen["traits"]["n_strikes"]) == ("Seaboard", 1)


def test_beginning_again_forgets_what_was_played():
    stage, _, acquaintance = begun()
    looking(stage)[0].hear(heard(Played(0.0, 1, STRIKE)))
    acquaintance.begin(1, "Seaboard RISE")
    seen = acquaintance.seen()
    assert seen is not None
    assert seen["traits"]["n_strikes"] == 0
    assert len(looking(stage)) == 1


def test_it_leaves_once_nobody_asks():
    stage, clock, acquaintance = begun()
    clock.now_s = FORGOTTEN_AFTER_S + 0.1
    looking(stage)[0].turn()
    assert looking(stage) == []
    assert acquaintance.seen() is None


def test_asking_keeps_it_looking():
    stage, clock, acquaintance = begun()
    clock.now_s = FORGOTTEN_AFTER_S
    acquaintance.seen()
    clock.now_s += 1.0
    looking(stage)[0].turn()
    assert stage.guests


def test_a_slid_octave_is_judged_on_request():
    _, _, acquaintance = begun()
    seen = acquaintance.seen(octave=True)
    assert seen is not None
    assert [one["about"] for one in seen["advice"]] == ["glide"]
