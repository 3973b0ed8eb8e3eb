"""Measuring a hand by commands: from a take, and what is said of bad ones."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from calibration.guide import Tone
from calibration.hand import hands
from calibration.hand.evenness import TONE
from calibration.hand.hand_guide import Controller, HandGuide
from calibration.hand.stand_in import StandIn, StandInHand, power
from calibration.rehearsal import Rehearsal
from embouchure.cli import main
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.profile import LINNSTRUMENT_MPE
from mapper.recorder import Recorder
from presets.store import load

Run = Callable[..., tuple[int, str]]


@dataclass
class Taped(StandIn):
    """Keeps what it played."""

    tape: list[Played] = field(default_factory=list)

    def play(self, until_s: float) -> Iterable[Played]:
        sent = list(super().play(until_s))
        self.tape += sent
        return sent


def session(player: StandInHand, leaves_s: float = 600.0) -> tuple[Hand, list[Played]]:
    """Let a stand-in be measured, and return what came of it and what was played."""
    tape = Taped(player)
    about = Controller(LINNSTRUMENT_MPE.name, slide_continues_press=False)
    guide = HandGuide("me", Tone(name=TONE, preset=load(TONE)), lambda _: about)
    done = Rehearsal(guide, tape, Listeners(profile=LINNSTRUMENT_MPE)).run(leaves_s)
    return done.result, tape.tape


def written(path: Path, tape: list[Played]) -> Path:
    recorder = Recorder(start_s=0.0)
    for time_s, port, data in tape:
        recorder.record(time_s, port, data)
    recorder.export(path)
    return path


@pytest.fixture(scope="module")
def measured() -> tuple[Hand, list[Played]]:
    return session(StandInHand(press=power(0.5), slide_ends=(0.2, 0.8)))


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("calibration.hand.hands.folder", lambda: tmp_path / "hands")
    return tmp_path / "hands"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["embouchure", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return command


def calibrate(run: Run, take: Path, *words: str) -> tuple[int, str]:
    return run("calibrate", "hand", "--from", take, "--controller", "linnstrument-mpe", *words)


def test_a_take_of_a_measurement_gives_the_hand_that_it_gave(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    live, tape = measured
    code, said = calibrate(run, written(tmp_path / "take.mid", tape), "--json")
    told = json.loads(said)
    assert (code, told["name"]) == (0, "me-linnstrument-mpe")
    kept = hands.load("me-linnstrument-mpe")
    assert told["hand"] == kept.model_dump(mode="json")
    assert kept.press.even == pytest.approx(live.press.even, abs=0.01)
    assert kept.slide.raw == pytest.approx(live.slide.raw, abs=0.001)
    assert kept.lag_s == pytest.approx(live.lag_s, abs=0.001)


def test_what_was_measured_is_said_and_how_to_hear_it(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    code, said = calibrate(run, written(tmp_path / "take.mid", measured[1]), "--player", "Ada")
    assert code == 0
    assert "Press runs from 0% to " in said
    assert "Vibrato: 5.5 Hz by glide, ±25 cents" in said
    assert "with --hand none you hear how it is without" in said
    assert hands.names() == ["ada-linnstrument-mpe"]


def test_a_hand_is_listed_shown_and_removed(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    assert "There is no hand yet" in run("hands", "list")[1]
    hands.save(measured[0])
    assert "me-linnstrument-mpe" in run("hands", "list")[1]
    (card,) = json.loads(run("hands", "list", "--json")[1])
    assert (card["name"], card["controller"]) == ("me-linnstrument-mpe", "LinnStrument, MPE")
    assert "A glide of +12 semitones arrived" in run("hands", "show", "me-linnstrument-mpe")[1]
    assert json.loads(run("hands", "show", "me-linnstrument-mpe", "--json")[1])["player"] == "me"
    assert "it is kept as" in run("hands", "remove", "me-linnstrument-mpe")[1]
    assert run("hands", "show", "me-linnstrument-mpe")[0] == 1


def test_a_take_that_ends_early_leaves_out_what_it_lacks(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    tape = [played for played in measured[1] if played.time_s < 16.0]
    code, said = calibrate(run, written(tmp_path / "take.mid", tape))
    assert code == 0
    assert "ends at the step 'Slide" in said
    assert hands.load("me-linnstrument-mpe").lag_s is None


def test_a_take_that_ends_early_replaces_no_hand(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    hands.save(measured[0])
    tape = [played for played in measured[1] if played.time_s < 16.0]
    code, said = calibrate(run, written(tmp_path / "take.mid", tape))
    assert code == 1
    assert "was measured before, so that stays as it is" in said
    assert hands.load("me-linnstrument-mpe") == measured[0]


@pytest.mark.parametrize("player", ["", "...", "x" * 41])
def test_a_player_whose_hands_could_not_be_told_apart_is_refused(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]], player: str
):
    code, said = calibrate(run, written(tmp_path / "take.mid", measured[1]), "--player", player)
    assert code == 1
    assert "is no name for a player; use at most 40 characters" in said


def test_a_take_without_press_to_speak_of_is_refused_with_the_reason(run: Run, tmp_path: Path):
    _, tape = session(StandInHand(gain=0.1), leaves_s=20.0)
    code, said = calibrate(run, written(tmp_path / "take.mid", tape))
    assert code == 1
    assert "is no measurement of a hand: at the step 'Swell', press moved only from 0% to" in said
    assert hands.names() == []


def test_a_take_of_something_else_is_refused(run: Run, tmp_path: Path):
    code, said = calibrate(run, written(tmp_path / "take.mid", [Played(0.0, 0, b"\x91\x3c\x40")]))
    assert code == 1
    assert "nothing was played that could be measured" in said


def test_a_known_hand_is_brought_up_to_date(
    run: Run, tmp_path: Path, measured: tuple[Hand, list[Played]]
):
    hands.save(measured[0])
    tape = [played for played in measured[1] if played.time_s < 14.2]
    hold = [
        Played(16.0 + 0.0, 0, b"\x91\x3c\x40"),
        Played(16.1, 0, b"\xd1\x40"),
        Played(18.5, 0, b"\x81\x3c\x40"),
    ]
    code, said = calibrate(run, written(tmp_path / "take.mid", tape + hold), "--warm")
    assert (code, said.count("Kept as")) == (0, 1)
    assert hands.load("me-linnstrument-mpe").lag_s == measured[0].lag_s


def test_nobody_is_brought_up_to_date_who_was_never_measured(run: Run, tmp_path: Path):
    code, said = calibrate(run, tmp_path / "none.mid", "--warm", "--player", "Zoe")
    assert code == 1
    assert "Zoe has no hand on LinnStrument, MPE yet; measure it to the end once" in said
