"""A preset of mixed sounds."""

import numpy as np
import pytest

from presets.factory import fitting, macros, making
from presets.factory.loudness import TARGET_LUFS, preset_lufs
from presets.factory.mixed import mixed_preset, release_s, sounding
from presets.spaces import factory_space
from synth.moving.axes import moved
from synth.moving.mixture import Mixer, mix

SPACE = factory_space()
MIXER = Mixer(SPACE)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "N_DEMONSTRATED", 12)
    monkeypatch.setattr(fitting, "ITERATIONS", 5)
    monkeypatch.setattr(macros, "ITERATIONS", 1)
    monkeypatch.setattr(macros, "N_FRAMES", 10)


@pytest.mark.usefixtures("_quick")
def test_a_mixture_becomes_a_preset_as_loud_as_any():
    asked = moved(SPACE, mix(SPACE, {"flute": 0.6, "violin": 0.4}), {"noise": 0.5})
    made = mixed_preset(MIXER, asked, "airy")
    assert made.card.description == "60% flute + 40% violin, mixed"
    assert made.card.provenance.origin == "mixed"
    assert made.card.space.sha256 == SPACE.sha256
    assert preset_lufs(made, SPACE) == pytest.approx(TARGET_LUFS, abs=0.1)


@pytest.mark.parametrize(
    ("names", "struck"), [(("marimba", "harp"), True), (("flute", "oboe"), False)]
)
def test_what_is_made_of_struck_sounds_is_struck(names: tuple[str, str], *, struck: bool):
    asked = mix(SPACE, dict.fromkeys(names, 1.0))
    assert sounding(MIXER, asked).is_struck is struck


def test_a_decay_makes_a_held_sound_struck():
    asked = moved(SPACE, mix(SPACE, {"flute": 1.0}), {"decay": 3.0})
    assert sounding(MIXER, asked).is_struck


def test_a_mixture_rings_as_long_as_its_sounds_on_average_by_ratios():
    one, other, both = (
        release_s(MIXER, mix(SPACE, dict.fromkeys(names, 1.0)))
        for names in (("marimba",), ("strings",), ("marimba", "strings"))
    )
    assert both == pytest.approx(np.sqrt(one * other))
