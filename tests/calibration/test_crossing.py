"""A preset moves to another space by what it sounds like, and can come back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calibration.crossing import repertoire
from calibration.crossing.counterparts import counterparts
from calibration.crossing.crossing import Crossing, apart_db, cross
from calibration.crossing.likeness import Moments, decoded, heard
from calibration.crossing.relocation import elsewhere, relocate
from calibration.demonstrations.diploma import bundle_of, takes_in
from calibration.targets.target import TargetError
from mapper.mapping import CODE_SIZE
from presets import library, spaces, store
from presets.bundle import Bundle
from presets.factory.loudness import TARGET_LUFS, preset_lufs
from presets.refusal import PresetError
from presets.spaces import factory_space
from synth.space import Space, SpaceError
from tests.calibration.test_moving import turned
from tests.calibration.test_pupil import pupil, takes, taught
from tests.presets.test_preset import a_preset

OLD = factory_space()
N_GESTURES = 40


@pytest.fixture(scope="module", autouse=True)
def _few_gestures() -> Iterator[None]:
    """Move by fewer gestures than a player's preset is moved by."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repertoire, "N_GESTURES", N_GESTURES)
        yield


@cache
def other() -> Space:
    return turned(OLD)


def some_moments(count: int) -> Moments:
    rng = np.random.default_rng(0)
    loudness_db, note = rng.uniform(-40, -10, count), rng.uniform(40, 90, count)
    return Moments(
        loudness_db.astype(np.float32), note.astype(np.float32), np.arange(count) % 3 == 0
    )


def some_codes(count: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    flat = OLD.codes.reshape(-1, CODE_SIZE)
    return flat[rng.choice(len(flat), count)].astype(np.float32)


def test_slopes_tell_how_what_is_heard_changes():
    codes, moments, nudge = some_codes(20), some_moments(20), 1e-2
    slopes = heard(*decoded(OLD, codes, moments), moments)[1]
    for number in range(CODE_SIZE):
        step = nudge * np.eye(CODE_SIZE, dtype=np.float32)[number]
        there, back = (heard(*decoded(OLD, codes + s, moments), moments)[0] for s in (step, -step))
        error = (there - back) / (2 * nudge) - slopes[:, number]
        assert np.abs(error).mean() < 0.05 * np.abs(slopes[:, number]).mean() + 0.02


def test_a_counterpart_sounds_like_what_it_stands_for():
    codes, moments = some_codes(60), some_moments(60)
    start = np.zeros_like(codes)
    found = counterparts(OLD, other(), codes, moments, start)
    wanted = heard(*decoded(OLD, codes, moments), moments)[0]
    got, at_first = (heard(*decoded(other(), c, moments), moments)[0] for c in (found, start))
    assert np.abs(got - wanted).mean() < 0.25 * np.abs(at_first - wanted).mean()


@cache
def before() -> Bundle:
    return bundle_of(pupil(), taught(), takes(), "mine")


@cache
def crossed() -> Crossing:
    return cross(before(), OLD, other())


@pytest.mark.long
def test_it_sounds_as_it_did_on_the_other_space():
    assert crossed().apart_db < 2.0
    assert crossed().unmoved_db > 3.0 * crossed().apart_db


@pytest.mark.long
def test_it_says_what_it_needs_and_what_it_was():
    card = crossed().bundle.preset.card
    assert (card.name, card.space.sha256) == ("mine", other().sha256)
    assert card.provenance.origin == "moved"
    assert card.provenance.ancestors[-1].sha256 == before().preset.sha256
    assert card.macros == before().preset.card.macros


@pytest.mark.long
def test_it_reads_the_hand_as_before_and_is_as_loud():
    after, mapping = crossed().bundle.preset, before().preset.mapping
    for part in ("feature_low", "feature_high", "centre", "spread"):
        np.testing.assert_array_equal(getattr(after.mapping, part), getattr(mapping, part))
    assert after.mapping.reading is not None
    assert preset_lufs(after, other()) == pytest.approx(TARGET_LUFS, abs=0.1)


@pytest.mark.long
def test_its_takes_go_with_it_and_what_was_played_is_as_it_was():
    again = takes_in(Bundle.open(crossed().bundle.to_bytes()))
    assert [take.touches.tobytes() for take in again] == [t.touches.tobytes() for t in takes()]
    assert {take.target.space_sha256 for take in again} == {other().sha256}


def test_what_cannot_cross_is_refused_in_a_sentence():
    preset = store.load("breath")
    with pytest.raises(PresetError, match="already"):
        cross(Bundle(preset=preset), OLD, OLD)
    deaf = turned(OLD)
    deaf.encoder.clear()
    with pytest.raises(TargetError, match="cannot encode"):
        cross(Bundle(preset=preset), OLD, deaf)


@pytest.fixture
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    monkeypatch.setattr(spaces, "user_folder", lambda: tmp_path / "spaces")


@pytest.mark.long
@pytest.mark.usefixtures("_own_folders")
def test_the_players_own_keep_their_name_and_their_past(monkeypatch: pytest.MonkeyPatch):
    library.save(before())
    assert "mine" in elsewhere(other()).movable
    assert "mine" not in elsewhere(OLD).movable
    monkeypatch.setattr("calibration.crossing.relocation.cross", lambda *_: crossed())
    (moved,) = relocate(["mine"], other())
    assert (moved.kept, moved.version) == ("mine", 2)
    assert store.load("mine").card.space.sha256 == other().sha256
    library.revert("mine", 1)
    assert store.load("mine").card == before().preset.card


@pytest.mark.usefixtures("_own_folders")
def test_a_preset_whose_space_is_not_there_is_told_and_left():
    library.save(a_preset("reed"))
    assert elsewhere(OLD).lost == ["reed"]
    with pytest.raises(SpaceError, match="not installed"):
        list(relocate(["reed"], OLD))


@pytest.mark.usefixtures("_own_folders")
def test_what_comes_of_a_factory_preset_is_kept_beside_it(monkeypatch: pytest.MonkeyPatch):
    there = replace_label(store.load("breath"), other())
    crossing = Crossing(bundle=Bundle(preset=there), apart_db=0.5, unmoved_db=9.0)
    monkeypatch.setattr("calibration.crossing.relocation.cross", lambda *_: crossing)
    (moved,) = relocate(["breath"], other())
    assert moved.kept == "breath-2"
    assert store.load("breath").card.space.sha256 == OLD.sha256


def replace_label(preset, space: Space):  # noqa: ANN001
    needed = preset.card.space.model_copy(update={"sha256": space.sha256})
    return replace(preset, card=preset.card.model_copy(update={"space": needed}))


@pytest.mark.long
def test_a_residual_crosses_too():
    moved, old = crossed().bundle.preset.mapping, before().preset.mapping
    assert (moved.residual is None) == (old.residual is None)
    assert apart_db((before().preset, OLD), (before().preset, OLD)) == 0.0
