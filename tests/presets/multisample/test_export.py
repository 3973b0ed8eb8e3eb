"""An exported instrument, played by an independent sampler: in tune, as loud as the preset, no seam."""

import importlib.util
import json
import shutil
from copy import copy
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from presets.multisample.export import CARD, LICENCE, Exported, check_room, export_sfz
from presets.multisample.plan import RATE_HZ, SamplePlan, own_keys, plan_for
from presets.multisample.sfz import usual_release_s
from presets.multisample.taking import dry_patch, note_of, swell_db
from presets.preset import Preset
from presets.refusal import PresetError
from presets.spaces import factory_space
from presets.store import load
from synth.space import Source
from tests.synth.measures import cents_between, power_db

SPACE = factory_space()
PLAN = SamplePlan(keys=(60, 64), velocities=(40, 127), slides=(0, 127), held_s=3.6, suffix="flac")
STRUCK_PLAN = SamplePlan(keys=(72,), velocities=(100,), slides=(64,), held_s=3.0, longest_s=5.0)
BLOCK_FRAMES = 64


@pytest.fixture(scope="module")
def preset() -> Preset:
    return load("breath")


@pytest.fixture(scope="module")
def exported(preset: Preset, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_sfz(preset, SPACE, tmp_path_factory.mktemp("sfz") / "breath", PLAN)


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_sfz(load("mallet"), SPACE, tmp_path_factory.mktemp("sfz") / "m", STRUCK_PLAN)


def sampler() -> ModuleType:
    """Bindings of sfizz, a sampler that shares nothing with us."""
    if not importlib.util.find_spec("pysfizz"):
        pytest.skip("pysfizz is not installed")
    return importlib.import_module("pysfizz")


def played(
    exported: Exported, key: int, velocity: int, slide: int, seconds: float, lifted_s: float = 1e9
) -> np.ndarray:
    """What the sampler plays of one key, shape (n_frames, 2), all samples held in memory."""
    synth = sampler().Synth(RATE_HZ, BLOCK_FRAMES)
    in_memory = exported.sfz.with_name(f"{exported.sfz.stem}-in-memory.sfz")
    text = exported.sfz.read_text().replace("<control>", "<control>\nhint_ram_based=1", 1)
    in_memory.write_text(text)
    assert synth.load_sfz_file(in_memory)
    in_memory.unlink()
    voice, blocks = synth._synth, []
    voice.cc(0, 74, slide)
    voice.note_on(0, key, velocity)
    for block in range(round(seconds * RATE_HZ / BLOCK_FRAMES)):
        if block == round(min(lifted_s, 1e6) * RATE_HZ / BLOCK_FRAMES):
            voice.note_off(0, key, 0)
        blocks.append(np.array(voice.render_block()))
    return np.concatenate(blocks, axis=1).T


def settled(sound: np.ndarray) -> np.ndarray:
    return sound[RATE_HZ // 2 :]


def our_level_db(preset: Preset, key: int, velocity: int, slide: int) -> float:
    sound = note_of(SPACE, dry_patch(preset), key, (velocity, slide), 1.5)
    return power_db(settled(sound[:, None]))


def fundamental_hz(sound: np.ndarray, near_hz: float) -> float:
    """The frequency of the lowest partial, from the phase it gains between two windows."""
    size, hop = 16_384, 480
    window = np.hanning(size) * np.exp(-2j * np.pi * near_hz * np.arange(size) / RATE_HZ)
    first, second = (window @ sound[at : at + size, 0] for at in (30_000, 30_000 + hop))
    turned = np.angle(second * np.conj(first)) / (2 * np.pi)
    expected = near_hz * hop / RATE_HZ
    turned += np.round(expected - turned)
    return float(turned * RATE_HZ / hop)


def test_every_sample_is_of_24_bits_and_not_clipped(exported: Exported):
    files = sorted((exported.sfz.parent / "samples").iterdir())
    assert len(files) == PLAN.n_samples
    assert {soundfile.info(path).subtype for path in files} == {"PCM_24"}
    assert max(abs(soundfile.read(path)[0]).max() for path in files) < 0.999


@pytest.mark.parametrize(("key", "velocity", "slide"), [(60, 40, 0), (60, 127, 127), (64, 127, 0)])
def test_a_sample_is_what_the_engine_plays(
    exported: Exported, preset: Preset, key: int, velocity: int, slide: int
):
    path = exported.sfz.parent / "samples" / f"k{key:03d}-v{velocity:03d}-s{slide:03d}.flac"
    sample, _ = soundfile.read(path)
    ours = note_of(SPACE, dry_patch(preset), key, (velocity, slide), 1.0)
    assert abs(sample[: len(ours)] - ours).max() < 2**-22


@pytest.mark.parametrize("key", [58, 60, 63, 66])
def test_the_sampler_plays_every_key_in_tune(exported: Exported, key: int):
    wanted_hz = 440.0 * 2.0 ** ((key - 69) / 12)
    found_hz = fundamental_hz(played(exported, key, 127, 0, 1.2), wanted_hz)
    assert abs(cents_between(found_hz, wanted_hz)) < 2.0


def test_at_every_layer_the_sampler_is_as_loud_as_the_preset_but_for_its_own_volume(
    exported: Exported, preset: Preset
):
    layers = [(60, 40, 0), (60, 40, 127), (60, 127, 0), (64, 127, 127)]
    away = [
        power_db(settled(played(exported, *layer, 1.5))) - our_level_db(preset, *layer)
        for layer in layers
    ]
    assert np.ptp(away) < 0.3


@pytest.mark.parametrize(("velocity", "slide"), [(80, 0), (127, 64), (127, 32), (40, 96)])
def test_between_layers_it_is_about_as_loud(
    exported: Exported, preset: Preset, velocity: int, slide: int
):
    own_db = power_db(settled(played(exported, 60, 127, 0, 1.5))) - our_level_db(preset, 60, 127, 0)
    found_db = power_db(settled(played(exported, 60, velocity, slide, 1.5)))
    assert abs(found_db - our_level_db(preset, 60, velocity, slide) - own_db) < 3.0


def test_the_sampler_goes_round_the_loop_without_click_or_swell(exported: Exported):
    sound = settled(played(exported, 60, 127, 0, 12.0))
    before, after = sound[: 2 * RATE_HZ], sound[4 * RATE_HZ :]
    assert abs(np.diff(after, 3, axis=0)).max() < 1.15 * abs(np.diff(before, 3, axis=0)).max()
    pieces = after[: len(after) // 4800 * 4800].reshape(-1, 4800, 2)
    levels_db = 10 * np.log10((pieces**2).mean(axis=(1, 2)))
    assert np.ptp(levels_db) < 1.5
    assert abs(levels_db.mean() - power_db(before)) < 1.0


def test_the_spectrum_is_the_same_in_every_round(exported: Exported):
    sound = settled(played(exported, 60, 127, 127, 9.0))[:, 0]
    size = RATE_HZ

    def bands_db(at: int) -> np.ndarray:
        power = abs(np.fft.rfft(sound[at : at + size] * np.hanning(size))) ** 2
        edges = np.unique(np.geomspace(100, 8000, 16).astype(int))
        return 10 * np.log10(np.add.reduceat(power, edges))

    early, late = bands_db(0), bands_db(7 * RATE_HZ)
    heard = early > early.max() - 50
    assert abs(early - late)[heard].max() < 2.0


def test_a_release_takes_as_long_as_the_presets(exported: Exported, preset: Preset):
    release_s = usual_release_s(preset.card.voice)
    sound = played(exported, 60, 127, 0, 1.0 + 3 * release_s, lifted_s=1.0)
    held_db = power_db(sound[RATE_HZ // 2 : RATE_HZ])
    half = slice(
        round((1.0 + 0.45 * release_s) * RATE_HZ), round((1.0 + 0.55 * release_s) * RATE_HZ)
    )
    assert power_db(sound[half]) - held_db == pytest.approx(-30.0, abs=4.0)
    assert power_db(sound[round((1.0 + 2 * release_s) * RATE_HZ) :]) < held_db - 60.0


def test_a_struck_sound_is_followed_until_it_is_gone_and_not_looped(struck: Exported):
    assert struck.card.keys[72].loop is None
    sample, _ = soundfile.read(struck.sfz.parent / "samples" / "k072-v100-s064.wav")
    assert power_db(sample[-2400:, None]) < power_db(sample[:4800, None]) - 35.0
    assert abs(sample[-1]) < 1e-6


def test_pressure_adds_what_was_measured(exported: Exported, preset: Preset):
    text = exported.sfz.read_text()
    wanted = swell_db(SPACE, preset, 64, (40, 127))
    assert f"volume_oncc129={wanted:.1f}" in text
    assert wanted > 3.0


def test_licence_and_provenance_stand_beside_the_samples(exported: Exported, preset: Preset):
    folder = exported.sfz.parent
    told = (folder / LICENCE).read_text()
    assert preset.card.licence in told
    assert SPACE.card.licence in told
    assert all(line in told for line in SPACE.card.provenance)
    assert json.loads((folder / CARD).read_text())["space_sha256"] == SPACE.sha256


def test_each_source_of_a_space_is_named_with_its_licence(preset: Preset, tmp_path: Path):
    source = Source(name="a singer", licence="CC-BY-4.0", provenance=["sung at home"])
    space = copy(SPACE)
    space.card = SPACE.card.model_copy(update={"sources": [source]})
    one = PLAN.model_copy(update={"keys": (60,), "velocities": (127,), "slides": (64,)})
    written = export_sfz(preset, space, tmp_path / "one", one)
    told = written.sfz.with_name(LICENCE).read_text()
    assert "- a singer, CC-BY-4.0: sung at home" in told


def test_an_interrupted_export_goes_on_with_the_key_it_was_at(
    preset: Preset, tmp_path: Path, exported: Exported
):
    def tell(done: int, _: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    folder = tmp_path / "breath"
    with pytest.raises(KeyboardInterrupt):
        export_sfz(preset, SPACE, folder, PLAN, tell=tell)
    first = folder / "samples" / "k060-v040-s000.flac"
    written_ns = first.stat().st_mtime_ns
    again = export_sfz(preset, SPACE, folder, PLAN)
    assert first.stat().st_mtime_ns == written_ns
    assert again.sfz.read_bytes() == exported.sfz.read_bytes()
    names = sorted(path.name for path in folder.rglob("*"))
    assert names == sorted(path.name for path in exported.sfz.parent.rglob("*"))


def test_a_folder_that_holds_something_else_is_refused(preset: Preset, tmp_path: Path):
    (tmp_path / "holiday.txt").write_text("not ours")
    with pytest.raises(PresetError, match="holds something else; choose an empty folder"):
        export_sfz(preset, SPACE, tmp_path, PLAN)


def test_another_export_is_not_written_over(preset: Preset, exported: Exported):
    other = PLAN.model_copy(update={"keys": (61,)})
    with pytest.raises(PresetError, match="holds another export"):
        export_sfz(preset, SPACE, exported.sfz.parent, other)


def test_a_disk_without_room_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(PresetError, match=r"take about \d+ MB, and there are 1 MB at"):
        check_room(tmp_path / "new" / "folder", PLAN)


def test_samples_that_are_there_need_no_room(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    check_room(exported.sfz.parent, PLAN)
    one_more = PLAN.model_copy(update={"keys": (*PLAN.keys, 68)})
    with pytest.raises(PresetError, match=r"take about 2 MB, and there are 1 MB at"):
        check_room(exported.sfz.parent, one_more)


def test_the_keys_that_a_preset_was_made_for_are_sampled(preset: Preset):
    low, high = own_keys(preset)
    plan = plan_for(preset, every=4)
    assert plan.keys[0] == low
    assert high - 4 < plan.keys[-1] <= high
    assert plan.n_samples == len(plan.keys) * 9


def test_a_lowest_key_above_the_highest_is_refused(preset: Preset):
    with pytest.raises(PresetError, match="lowest key 70 is above the highest 60"):
        plan_for(preset, low=70, high=60)


def test_a_run_that_was_interrupted_before_its_first_key_goes_on(
    preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: object) -> float:
        raise KeyboardInterrupt

    monkeypatch.setattr("presets.multisample.export.swell_db", interrupted)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            export_sfz(preset, SPACE, tmp_path / "breath", PLAN)
    with pytest.raises(PresetError, match="holds another export"):
        export_sfz(preset, SPACE, tmp_path / "breath", STRUCK_PLAN)
