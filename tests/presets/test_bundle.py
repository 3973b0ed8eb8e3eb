"""A preset's whole file: what it was learned from, and its space."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save as save_arrays

from presets.archive import MAX_UNPACKED_BYTES, SPACE
from presets.bundle import Bundle, source_names
from presets.preset import Preset
from presets.refusal import PresetError
from tests.presets.shelf import a_bundle, some_sources
from tests.presets.test_preset import a_preset, packed, parts


def test_a_bundle_is_read_again_as_it_was_written(tmp_path: Path):
    bundle = a_bundle(tmp_path)
    again = Bundle.open(bundle.to_bytes())
    assert again.sources == bundle.sources
    assert again.preset.card == bundle.preset.card
    assert again.to_bytes() == bundle.to_bytes()


def test_what_a_preset_came_from_stays_packed_when_it_is_played(tmp_path: Path):
    played = Preset.from_bytes(a_bundle(tmp_path).to_bytes())
    assert played.to_bytes() == a_preset().to_bytes()


def test_sources_are_listed_without_reading_them(tmp_path: Path):
    assert source_names(a_bundle(tmp_path).to_bytes()) == [
        "takes/first-1.mid",
        "takes/first-1.safetensors",
        "targets/swell.safetensors",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "takes/../../x.mid",
        "takes/.mid",
        "takes/a/b.mid",
        "takes/-a.mid",
        "/takes/a.mid",
        "takes\\a.mid",
        "targets/a.mid",
        "takes/a.py",
        "takes/" + "a" * 65 + ".mid",
        "takes/é.mid",
    ],
)
def test_a_source_with_another_name_is_refused(name: str, tmp_path: Path):
    content = some_sources(tmp_path)["takes/first-1.mid"]
    with pytest.raises(PresetError, match="no take or target"):
        Bundle(preset=a_preset(), sources={name: content})
    with pytest.raises(PresetError, match="nothing else"):
        Bundle.open(packed(parts() | {name: content}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("takes/a.mid", b"MThd"),
        ("takes/a.safetensors", b"\xff" * 20),
        ("takes/a.safetensors", save_arrays({"x": np.array([np.nan], np.float32)})),
        ("targets/a.safetensors", save_arrays({str(i): np.zeros(1) for i in range(65)})),
    ],
)
def test_a_source_that_is_damaged_is_refused_by_name(name: str, content: bytes):
    with pytest.raises(PresetError, match=name):
        Bundle.open(packed(parts() | {name: content}))


def test_a_source_that_is_too_large_is_refused():
    with pytest.raises(PresetError, match="too large"):
        Bundle(preset=a_preset(), sources={"takes/a.mid": bytes(6 * 2**20 + 1)})


def test_more_than_a_file_may_unpack_to_is_refused_before_it_is_unpacked():
    many = {f"takes/{i}.mid": bytes(2**22) for i in range(MAX_UNPACKED_BYTES // 2**22 + 1)}
    with pytest.raises(PresetError, match="unpacks to more"):
        Preset.from_bytes(packed(parts() | many))


def test_a_space_travels_along(tmp_path: Path):
    bundle = Bundle(preset=a_preset(), space=b"the file of a space")
    assert Bundle.open(bundle.to_bytes()).space == b"the file of a space"
    assert SPACE not in source_names(bundle.to_bytes())
