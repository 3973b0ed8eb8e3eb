"""The handover: what was set while playing outlives the engine process it was set in."""

from pathlib import Path

import pytest

from embouchure.choice import Chooser
from embouchure.handover import Handover, commands_of, open_next_session
from embouchure.instrument import Sound, load_sound, silent_engine, sound_of_tone
from embouchure.orders import make_chooser
from embouchure.play_settings import PlaySettings, Predecessor
from embouchure.session import Session
from embouchure.space_file import load_space
from embouchure.wishes import Wishes
from mapper.manner import Manner
from mapper.tuning import read_tuning
from presets.preset import PresetError
from presets.store import factory_names, load, save
from synth.engine.engine import Engine
from synth.engine.layout import FREE
from tests.mapper.test_hand import HAND

RATE_HZ = 48_000
HOME = ("Box", "ALSA")
ERAE = ("Erae Touch",)


class Life:
    """An engine and its session; `told` holds what the player is told."""

    def __init__(self, settings: PlaySettings, before: "Life | None" = None) -> None:
        self.told: list[str] = []
        self.engine: Engine = silent_engine(load_space(), RATE_HZ)
        if before:
            settings = before.successor(settings)
        self.session: Session = open_next_session(settings, self.engine, self.told.append)
        if settings.predecessor:
            handover = Handover(self.session, self._load, self._chooser, self.told.append)
            handover.take(settings.predecessor)

    def _load(self, name: str) -> Sound:
        return load_sound(name, self.engine.space)

    def _chooser(self, name: str | None) -> Chooser:
        return make_chooser(name, self.engine.space, Wishes())

    def successor(self, settings: PlaySettings) -> PlaySettings:
        """The settings of the next process, by way of JSON."""
        before = Predecessor(home=HOME, inputs=ERAE, state=tuple(commands_of(self.session)))
        described = PlaySettings(preset=settings.preset, wishes=settings.wishes, predecessor=before)
        return PlaySettings.from_json(described.to_json())

    def notes(self, *heard: bytes) -> list[float]:
        """Play, and tell the note of each voice that sounds."""
        for data in heard:
            self.session.hear(0.0, 0, data)
        self.engine.render(RATE_HZ // 20)
        voices = [voice for voice in self.engine.parts()["voices"] if voice["status"] != FREE]
        return [round(float(voice["note"] + voice["glide_semitones"]), 2) for voice in voices]


MPE = PlaySettings(wishes=Wishes(mode="mpe"))


def test_a_controller_known_by_its_ports_name_keeps_its_habits():
    first = Life(PlaySettings())
    first.session.name(0, ERAE[0])
    first.session.hear(0.0, 0, b"\xb0\x07\x40")
    second = Life(PlaySettings(), first)
    assert first.notes(b"\x91\x45\x60", b"\xe1\x7f\x7f") == [69 + 28]
    assert second.notes(b"\x91\x45\x60", b"\xe1\x7f\x7f") == [69 + 28]


def test_a_tuning_set_while_playing_stays():
    first = Life(MPE)
    first.session.set_tuning(0.1, read_tuning(a4_hz=415.0))
    assert Life(MPE, first).notes(b"\x91\x45\x60") == [67.99]


def test_a_manner_set_while_playing_stays():
    first = Life(MPE)
    first.session.set_manner(0.1, Manner(mono=True))
    assert len(Life(MPE, first).notes(b"\x91\x45\x60", b"\x92\x47\x60")) == 1


def test_a_macro_turned_by_the_service_stays():
    first = Life(MPE)
    first.session.set_macro(0.0, 2, 0.75)
    assert Life(MPE, first).session.macros() == [0.0, 0.0, 0.75, 0.0]


def test_a_knob_turned_after_the_service_did_has_the_last_word():
    first = Life(MPE)
    first.session.set_macro(0.0, 0, 0.75)
    first.session.hear(0.0, 0, b"\xb0\x01\x7f")
    assert Life(MPE, first).session.macros()[0] == 1.0


def test_a_knob_turned_to_where_it_stood_before_the_service_turned_it_counts():
    life = Life(MPE)
    life.session.hear(0.0, 0, b"\xb0\x01\x7f")
    life.session.set_macro(0.0, 0, 0.25)
    life.session.hear(0.0, 0, b"\xb0\x01\x7f")
    assert life.session.macros()[0] == 1.0


def test_a_preset_chosen_after_a_manner_brings_its_own():
    first = Life(MPE)
    first.session.set_manner(0.1, Manner(mono=True))
    first.session.select(0.2, load_sound("pluck", first.engine.space))
    assert first.session.manners() == {}
    assert len(Life(MPE, first).notes(b"\x91\x45\x60", b"\x92\x47\x60")) == 2


def test_the_preset_selected_last_is_selected_last_again():
    first = Life(MPE)
    for zone, name in ((0, "bow"), (15, "pluck"), (0, "mallet")):
        first.session.select(0.1, load_sound(name, first.engine.space), zone)
    zone, sound = list(Life(MPE, first).session.chosen().items())[-1]
    assert (zone, sound.name) == (0, "mallet")


def test_a_sound_that_is_in_no_file_stays():
    first = Life(MPE)
    tone = load_sound("pluck", first.engine.space).tone | {"name": "half a pluck"}
    first.session.select(0.1, sound_of_tone(first.engine.space, **tone))
    (second,) = Life(MPE, first).session.chosen().values()
    assert second.tone == tone


@pytest.fixture
def own_preset(tmp_path: Path) -> Path:
    path = tmp_path / "mine.embouchure"
    save(load(factory_names()[0]), path)
    return path


def test_a_preset_whose_file_is_gone_is_told_and_sounds_by_the_default(own_preset: Path):
    settings = PlaySettings(preset=str(own_preset), wishes=Wishes(mode="mpe", a4_hz=415.0))
    first = Life(settings)
    own_preset.unlink()
    second = Life(settings, first)
    assert "there is no preset" in second.told[0]
    assert second.notes(b"\x91\x45\x60") == [67.99]


def test_at_the_very_start_a_missing_preset_is_an_error():
    with pytest.raises(PresetError):
        Life(PlaySettings(preset="no such"))


def test_a_hand_set_while_playing_stays():
    first = Life(MPE)
    first.session.name(0, ERAE[0])
    first.session.set_hand(HAND, 0)
    second = Life(MPE, first)
    assert second.session.hands() == first.session.hands()
    first.session.set_hand(None)
    assert Life(MPE, first).session.hands() == {None: None}
