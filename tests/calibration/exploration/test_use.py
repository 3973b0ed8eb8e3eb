"""What becomes of a found sound."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.exploration import adoption
from calibration.exploration.adoption import Slide
from calibration.exploration.archive import Found
from calibration.exploration.candidate import Candidate, Part
from calibration.exploration.exploration import Exploration
from calibration.exploration.instrument import instrument as made_of
from calibration.exploration.instrument import sounding
from calibration.exploration.palette import Palette
from calibration.exploration.pool import Pool
from calibration.exploration.shelf import ExplorationError
from calibration.exploration.use import use_as_axis_end, use_as_preset, use_as_target
from calibration.targets import target_store
from mapper.features import AT
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, LOUDNESS
from presets import library, store
from presets.factory import fitting, macros, making
from presets.factory.demonstrations import demonstrate
from presets.factory.gestures import DEMONSTRATED, HELD_OUT, gestures
from presets.factory.loudness import TARGET_LUFS, preset_lufs
from presets.refusal import PresetError

EVENT_SEED = 5
Array = NDArray[np.float64]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "N_DEMONSTRATED", 12)
    monkeypatch.setattr(fitting, "ITERATIONS", 5)
    monkeypatch.setattr(macros, "ITERATIONS", 1)
    monkeypatch.setattr(macros, "N_FRAMES", 10)


def moves() -> Array:
    """Features at some moments of gestures in the middle of the keyboard."""
    made = gestures(EVENT_SEED, DEMONSTRATED, 3, (60, 72))
    rows = np.vstack([gesture_features(gesture.meant) for gesture in made])
    return rows[::12].astype(np.float64)


def with_slide(features: Array, slide: float) -> Array:
    set_to = features.copy()
    set_to[:, AT.slide] = slide
    return set_to


def test_a_target_sounds_as_it_was_found(small: Exploration):
    number = small.found[0].number
    path = use_as_target(small, number, "glass")
    target = target_store.find("glass")
    assert path.exists()
    assert (target.kind, target.note) == ("found", small.settings.note)
    assert target.space_sha256 == small.settings.space_sha256
    assert target.trajectory[:, LOUDNESS].max() == pytest.approx(-20.0, abs=1.0)
    assert np.isfinite(target.descriptors).all()


@pytest.mark.usefixtures("_quick")
def test_a_preset_is_kept_with_the_sound_that_it_was_made_of(small: Exploration):
    number = small.found[1].number
    use_as_preset(small, number, "glass-horn")
    bundle = library.open_bundle("glass-horn")
    card = bundle.preset.card
    assert card.provenance.origin == "explored"
    assert card.space.sha256 == small.settings.space_sha256
    assert list(bundle.sources) == ["targets/glass-horn.safetensors"]
    assert preset_lufs(bundle.preset, small.palette.space) == pytest.approx(TARGET_LUFS, abs=0.1)


@pytest.mark.usefixtures("_quick")
def test_an_axis_remembers_the_preset_it_starts_from(small: Exploration):
    use_as_axis_end(small, small.found[0].number, "to-glass", "breath")
    card = store.load("to-glass").card
    breath = store.load("breath")
    assert [ancestor.sha256 for ancestor in card.provenance.ancestors] == [breath.sha256]
    assert card.room == breath.card.room
    assert card.macros == breath.card.macros


def test_both_ends_of_a_slide_are_equally_loud(small: Exploration):
    mallet, space = store.load("mallet"), small.palette.space
    level = adoption.evened(mallet, space)
    dull, bright = (preset_lufs(adoption._held_at(level, end), space) for end in (0.0, 1.0))
    assert dull == pytest.approx(bright, abs=0.5)


def test_a_slide_leads_from_the_preset_to_the_found_sound(small: Exploration):
    breath, found = store.load("breath"), small.found[0]
    slide, features = Slide(small.palette, found, breath), moves()
    rest = with_slide(features, 0.5)
    start = breath.mapping.predict(rest.astype(np.float32))
    end = made_of(small.palette, found.candidate, "end", "its end").trajectory(rest)
    np.testing.assert_allclose(slide.trajectory(with_slide(features, 0.0)), start, atol=1e-4)
    np.testing.assert_allclose(slide.trajectory(with_slide(features, 1.0)), end, atol=1e-4)
    half = slide.trajectory(rest)
    np.testing.assert_allclose(half, 0.5 * (start + end), atol=1e-3)


def test_a_candidate_is_as_playable_as_a_factory_preset(palette: Palette):
    """Slide brightens it, and loudness follows the hand."""
    for candidate in Pool(palette, 4).draw(4):
        played = made_of(palette, candidate, "one", "one of many")
        features = moves()
        held = (features[:, AT.effort] > 0.3) & (features[:, AT.age_s] > 0.3)
        note = features[held][:, AT.pitch_note]
        bright = [
            played.centroid_note(
                played.trajectory(with_slide(features, slide))[held][:, :CODE_SIZE],
                np.full(held.sum(), -20.0),
                note,
            ).mean()
            for slide in (0.1, 0.9)
        ]
        assert bright[1] >= bright[0] - 0.1
        loudness_db = played.trajectory(features)[:, LOUDNESS]
        assert np.isfinite(loudness_db).all()
        assert loudness_db.max() <= 0.0


@pytest.mark.parametrize(("instrument", "struck"), [("marimba", True), ("violin", False)])
def test_what_dies_away_is_struck(palette: Palette, instrument: str, *, struck: bool):
    assert (
        sounding(palette, Candidate(kind="mix", parts=(Part(instrument, 1, 1),))).is_struck
        is struck
    )


@pytest.mark.usefixtures("_quick")
def test_a_name_that_is_taken_is_refused_before_anything_is_learned(small: Exploration):
    number = small.found[0].number
    use_as_target(small, number, "taken")
    with pytest.raises(ExplorationError, match="there is a target taken already"):
        use_as_target(small, number, "taken")
    with pytest.raises(ExplorationError, match="there is a preset bow already"):
        use_as_preset(small, number, "bow")
    with pytest.raises(PresetError, match="cannot be a name"):
        use_as_preset(small, number, "Not A Name")


def test_an_axis_in_another_space_is_refused(small: Exploration):
    breath = store.load("breath")
    elsewhere = breath.card.space.model_copy(update={"sha256": "0" * 64})
    foreign = replace(breath, card=breath.card.model_copy(update={"space": elsewhere}))
    with pytest.raises(ExplorationError, match="breath was made for another space"):
        adoption.as_axis_end(small.palette, small.found[0], "axis", foreign)


@pytest.mark.long
def test_a_preset_of_a_found_sound_follows_gestures_it_never_saw(palette: Palette):
    candidate = Pool(palette, 8).draw(1)[0]
    found = Found(1, candidate, None, np.zeros(1))  # type: ignore[arg-type]
    made = adoption.as_preset(palette, found, "seen")
    played = made_of(palette, candidate, "seen", "seen")
    unseen = demonstrate(played, gestures(77, HELD_OUT, 24, played.recipe.notes))
    predicted = made.mapping.predict(unseen.features.astype(np.float32))
    error = predicted[:, :CODE_SIZE] - unseen.targets[:, :CODE_SIZE]
    spread = unseen.targets[:, :CODE_SIZE] - unseen.targets[:, :CODE_SIZE].mean(axis=0)
    assert np.sqrt((error**2).sum() / (spread**2).sum()) < 0.5


def test_an_axis_leads_from_one_found_sound_to_another(small: Exploration):
    start, end, features = small.found[0], small.found[1], moves()
    axis = adoption.Between(small.palette, start, end, "between")
    rest = with_slide(features, 0.5)
    for slide, one in ((0.0, start), (1.0, end)):
        alone = made_of(small.palette, one.candidate, "alone", "one sound").trajectory(rest)
        found = axis.trajectory(with_slide(features, slide))
        np.testing.assert_allclose(found, alone, atol=1e-4)
