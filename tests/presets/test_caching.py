"""Caches of presets: where they are, what they hold, and how far they are from the decoder."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import presets.reach
from presets.caches import find_cache, open_cache, place_of, place_of_sounds
from presets.caching import (
    build_cache,
    build_cache_of_sounds,
    errors,
    has_cache_of_all_sounds,
)
from presets.factory.loudness import Played, sound_of
from presets.preset import Preset
from presets.reach import OTHER_SEED, reach
from presets.spaces import factory_space
from presets.store import load
from synth.analysis.distance import mel_distance_db
from synth.controls import CODE_SIZE
from synth.lattice import Lattice
from synth.lattice_file import PARTIAL
from synth.space import SpaceError
from tests.synth.moving.tiny import tiny_space

LIMIT_BYTES = 6 * 2**20
SPACE = factory_space()


@pytest.fixture(scope="module")
def preset() -> Preset:
    return load("breath")


@pytest.fixture(scope="module")
def built(preset: Preset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lattice, Path]:
    """A small cache of a preset, judged, in a folder of this module's own."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("caches")
        patched.setattr("presets.caches.folder", lambda: folder)
        patched.setattr("presets.caching.phrases", lambda: [Played(0.0, 0.6, 65)])
        return build_cache(preset, SPACE, limit_bytes=LIMIT_BYTES)


def test_what_a_preset_reaches_is_what_its_mapping_allows(preset: Preset):
    played = reach(preset, n_gestures=18)
    shifted = np.abs(preset.macros[:, :CODE_SIZE]).sum(axis=0) + 8.0
    assert (np.abs(played.codes) <= shifted).all()
    assert len(played.codes) == len(played.note) > 500


def test_a_preset_reaches_the_same_whenever_it_is_asked(preset: Preset):
    first, second = (reach(preset, n_gestures=9) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_macros_are_part_of_what_is_reached(preset: Preset, monkeypatch: pytest.MonkeyPatch):
    rested = reach(preset, n_gestures=27)
    monkeypatch.setattr(presets.reach, "TURNED_SHARE", 1.0)
    turned = reach(preset, n_gestures=27)
    assert turned.codes.std(axis=0).sum() > 1.1 * rested.codes.std(axis=0).sum()


def test_where_a_preset_wanders_is_part_of_what_it_reaches(preset: Preset):
    voice = preset.card.voice.model_copy(update={"wander": 0.8})
    restless = replace(preset, card=preset.card.model_copy(update={"voice": voice}))
    still, wandered = (reach(one, n_gestures=27).codes for one in (preset, restless))
    assert wandered.std(axis=0).sum() > 1.1 * still.std(axis=0).sum()


def test_the_cache_says_how_far_it_is_from_the_decoder(built: tuple[Lattice, Path]):
    figures = built[0].card.figures
    assert set(figures) == {"partials_db", "noise_db", "frame_p99_db", "mel_db", "attack_mel_db"}
    assert 0.0 < figures["partials_db"] < 2.5
    assert 0.0 < figures["mel_db"] < 1.5


def test_that_is_what_another_measurement_finds(built: tuple[Lattice, Path], preset: Preset):
    lattice, _ = built
    live, cached = (
        sound_of(preset, SPACE, [Played(0.0, 0.6, 65)], lattice=one).mean(axis=1)
        for one in (None, lattice)
    )
    assert mel_distance_db(live, cached)[0] == pytest.approx(lattice.card.figures["mel_db"])
    again = errors(lattice, SPACE, reach(preset, seed=OTHER_SEED, n_gestures=60))
    assert again["partials_db"] == pytest.approx(lattice.card.figures["partials_db"])


def test_a_cache_is_nearer_than_the_same_code_everywhere(
    built: tuple[Lattice, Path], preset: Preset
):
    lattice, played = built[0], reach(preset, seed=OTHER_SEED, n_gestures=18)
    still = played._replace(codes=np.repeat(played.codes.mean(axis=0)[None], len(played.note), 0))
    blunt = Lattice(lattice.card, lattice.arrays)
    blunt.controls = (
        lambda codes, loudness_db, note: lattice.controls(  # type: ignore[method-assign]
            still.codes[: len(codes)].astype(np.float32), loudness_db, note
        )
    )
    near, far = (errors(one, SPACE, played)["partials_db"] for one in (lattice, blunt))
    assert near < 0.5 * far


def test_a_cache_is_found_by_its_preset_whatever_its_name_and_voice(
    built: tuple[Lattice, Path], preset: Preset, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("presets.caches.folder", lambda: built[1].parent)
    other = replace(preset, card=preset.card.model_copy(update={"name": "another"}))
    found = find_cache(other)
    assert found
    assert found.card == built[0].card
    assert open_cache(found.card.key)


def test_another_preset_has_no_cache(built: tuple[Lattice, Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("presets.caches.folder", lambda: built[1].parent)
    assert find_cache(load("bow")) is None


def test_a_cache_carries_the_spaces_licence_and_provenance(built: tuple[Lattice, Path]):
    card = built[0].card
    assert (card.licence, card.provenance) == (SPACE.card.licence, SPACE.card.provenance)


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("presets.caches.folder", lambda: tmp_path)
    return tmp_path


def few(names: int = 3) -> list[str]:
    return [sound.name for sound in SPACE.card.sounds[: 40 * names : 40]]


@pytest.mark.usefixtures("own_folder")
def test_sounds_of_a_space_are_cached_for_every_preset_that_has_no_own(preset: Preset):
    lattice, place = build_cache_of_sounds(SPACE, few(), limit_bytes=LIMIT_BYTES)
    assert place == place_of_sounds(SPACE.sha256)
    assert lattice.card.n_anchors > 4
    found = find_cache(preset)
    assert found
    assert found.card == lattice.card


@pytest.mark.usefixtures("own_folder")
def test_a_cache_of_some_sounds_is_none_of_all():
    space = tiny_space(2)
    assert not has_cache_of_all_sounds(space)
    build_cache_of_sounds(space, [space.card.sounds[0].name], limit_bytes=LIMIT_BYTES)
    assert not has_cache_of_all_sounds(space)
    build_cache_of_sounds(space, limit_bytes=LIMIT_BYTES)
    assert has_cache_of_all_sounds(space)


@pytest.mark.usefixtures("own_folder")
def test_a_sound_that_is_not_there_is_told():
    with pytest.raises(SpaceError, match="has no sound 'theremin'"):
        build_cache_of_sounds(SPACE, ["theremin"])


def test_an_interrupted_build_goes_on(own_folder: Path):
    def tell(done: int, _: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_cache_of_sounds(SPACE, few(), tell, LIMIT_BYTES)
    assert [path.name[-len(PARTIAL) :] for path in own_folder.iterdir()] == [PARTIAL]
    _, place = build_cache_of_sounds(SPACE, few(), limit_bytes=LIMIT_BYTES)
    assert [*own_folder.iterdir()] == [place]


def test_a_preset_is_played_from_its_own_cache_before_the_sounds(
    own_folder: Path, preset: Preset, built: tuple[Lattice, Path]
):
    place_of(preset).write_bytes(built[1].read_bytes())
    build_cache_of_sounds(SPACE, few(), limit_bytes=LIMIT_BYTES)
    assert len([*own_folder.iterdir()]) == 2
    found = find_cache(preset)
    assert found
    assert found.card.key == place_of(preset).stem
