"""A morph is a preset that lies between two others."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.features import N_FEATURES
from presets import library, store
from presets.card import SpaceNeeded
from presets.morph import morph
from presets.preset import Preset
from presets.refusal import PresetError
from tests.presets.test_preset import a_mapping, a_preset

ROOT = Path(__file__).parents[2]
FEATURES = np.random.default_rng(2).normal(0, 50, (64, N_FEATURES)).astype(np.float32)


def ends() -> tuple[Preset, Preset]:
    return store.load("breath"), store.load("bow")


def test_at_either_end_it_answers_as_that_preset_does():
    for share, end in zip((0.0, 1.0), ends(), strict=True):
        made = morph(*ends(), share, "mine")
        np.testing.assert_array_equal(made.predict(FEATURES), end.predict(FEATURES))
        assert made.card.voice == end.card.voice
        assert made.card.room == end.card.room
        np.testing.assert_allclose(made.macros, end.macros)


@settings(max_examples=30)
@given(st.floats(0, 1))
def test_every_share_makes_a_legal_preset_that_is_read_again_as_it_was(share: float):
    made = morph(*ends(), share, "mine")
    again = Preset.from_bytes(made.to_bytes())
    assert again.card == made.card
    np.testing.assert_array_equal(again.predict(FEATURES), made.predict(FEATURES))
    assert again.patch(0).blob.tobytes() == made.patch(0).blob.tobytes()
    for name, value in made.card.voice:
        low, high = sorted(getattr(end.card.voice, name) for end in ends())
        assert low - 1e-9 <= value <= high + 1e-9


def test_it_tells_what_it_was_made_of():
    made = morph(*ends(), 0.25, "mine")
    assert made.card.description == "breath with 25 % of bow."
    assert [one.name for one in made.card.provenance.ancestors] == ["breath", "bow"]
    assert made.card.provenance.program
    assert made.card.provenance.ancestors[1].sha256 == store.load("bow").sha256


def test_macros_that_only_one_has_fade_with_it():
    one = Preset(
        card=a_preset("one").card, mapping=a_mapping(seed=1), macros=a_preset("one").macros
    )
    plain = library.with_fields(a_preset("two"), description="Plain.")
    none = Preset(card=plain.card.model_copy(update={"macros": ()}), mapping=plain.mapping)
    made = morph(one, none, 0.75, "mine")
    assert made.card.macros == one.card.macros
    np.testing.assert_allclose(made.macros, one.macros / 4)


def test_what_cannot_be_mixed_is_refused():
    elsewhere = library.with_fields(a_preset(), space=SpaceNeeded(name="old", sha256="1" * 64))
    with pytest.raises(PresetError, match="different spaces"):
        morph(a_preset("one"), elsewhere, 0.5, "mine")
    with pytest.raises(PresetError, match="is a morph already"):
        morph(morph(*ends(), 0.5, "mine"), ends()[0], 0.5, "mine-too")
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(PresetError, match="choose from 0 to 1"):
            morph(*ends(), share, "mine")


def test_a_preset_predicts_the_same_to_the_last_bit_in_another_process(tmp_path: Path):
    for preset in (ends()[0], morph(*ends(), 0.3, "mine")):
        (tmp_path / "a.preset").write_bytes(preset.to_bytes())
        np.save(tmp_path / "features.npy", FEATURES)
        code = (
            "import sys, numpy as np; from pathlib import Path; from presets.store import load; "
            "preset = load(Path('a.preset')); "
            "np.save('answer.npy', preset.predict(np.load('features.npy'))); "
            "Path('again.preset').write_bytes(preset.to_bytes())"
        )
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True
        )
        there = np.load(tmp_path / "answer.npy")
        assert there.tobytes() == preset.predict(FEATURES).tobytes()
        assert (tmp_path / "again.preset").read_bytes() == preset.to_bytes()
