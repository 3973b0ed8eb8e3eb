"""A preset as a file: exact when ours, refused in one sentence when hostile."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import save as save_arrays

from mapper.features import N_FEATURES
from mapper.manner import Manner
from mapper.mapping import HIGHEST, LOWEST, NO_SLEW, TRAJECTORY_SIZE, Mapping, shapes
from presets.preset import (
    ARRAYS,
    CARD,
    MAX_FILE_BYTES,
    Preset,
    PresetCard,
    PresetError,
    SpaceNeeded,
)


def a_mapping(n_hidden: int = 4, seed: int = 0) -> Mapping:
    rng = np.random.default_rng(seed)
    made = {name: rng.normal(0.0, 0.3, shape) for name, shape in shapes(n_hidden).items()}
    made |= {
        "feature_low": np.full(N_FEATURES, -20.0),
        "feature_high": np.full(N_FEATURES, 130.0),
        "spread": rng.uniform(10.0, 40.0, N_FEATURES),
        "low": LOWEST,
        "high": HIGHEST,
        "slew": NO_SLEW,
    }
    return Mapping.from_arrays({k: np.asarray(a, np.float32) for k, a in made.items()})


def a_preset(name: str = "reed") -> Preset:
    needed = SpaceNeeded(name="fluid", sha256="0" * 64)
    card = PresetCard(
        name=name,
        description="A reed.",
        tags=("wind",),
        space=needed,
        manner=Manner(strike_share=0.7, mono=True),
        macros=("bright", "breath"),
    )
    return Preset(card=card, mapping=a_mapping(), macros=some_macros())


def some_macros() -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(0.0, 1.0, (2, TRAJECTORY_SIZE)).astype(np.float32)


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def parts() -> dict[str, bytes]:
    preset = a_preset()
    return {
        CARD: preset.card.model_dump_json().encode(),
        ARRAYS: arrays_with(macros=preset.macros),
    }


def arrays_with(**more: NDArray[np.generic]) -> bytes:
    return save_arrays(a_mapping().arrays() | more)


def card_with(**changes: object) -> bytes:
    return json.dumps(json.loads(parts()[CARD]) | changes).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(PresetError) as caught:
        Preset.from_bytes(content)
    return str(caught.value)


def opened(content: bytes) -> Preset | None:
    try:
        return Preset.from_bytes(content)
    except PresetError:
        return None


def test_a_preset_is_read_again_as_it_was_written():
    preset = a_preset()
    returned = Preset.from_bytes(preset.to_bytes())
    assert returned.card == preset.card
    ours, theirs = preset.mapping.arrays(), returned.mapping.arrays()
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    np.testing.assert_array_equal(returned.macros, preset.macros)


def test_a_preset_from_before_macros_and_manners_is_read_with_none():
    card = json.loads(parts()[CARD])
    del card["manner"], card["macros"]
    preset = Preset.from_bytes(packed({CARD: json.dumps(card).encode(), ARRAYS: arrays_with()}))
    assert preset.card.manner == Manner()
    assert preset.card.macros == ()
    assert not preset.patch(0).macros.any()


def test_a_patch_carries_the_macros_and_leaves_the_others_without_effect():
    macros = a_preset().patch(0).macros
    np.testing.assert_array_equal(macros[:2], some_macros())
    assert not macros[2:].any()


@pytest.mark.parametrize(
    "macros",
    [some_macros()[:1], some_macros()[:, :17], some_macros() * np.nan, some_macros() + 500],
)
def test_macros_that_cannot_be_played_are_refused(macros: NDArray[np.float32]):
    assert "macros" in refusal(packed(parts() | {ARRAYS: arrays_with(macros=macros)}))


def test_arrays_laid_out_by_columns_are_kept_as_they_read():
    ours = a_preset().mapping.arrays()
    turned = Mapping.from_arrays({name: np.asfortranarray(a) for name, a in ours.items()})
    theirs = Preset.from_bytes(replace(a_preset(), mapping=turned).to_bytes()).mapping
    assert all(np.array_equal(ours[name], array) for name, array in theirs.arrays().items())


def test_equal_presets_are_equal_files():
    assert a_preset().to_bytes() == a_preset().to_bytes()


def test_a_reloaded_mapping_predicts_bit_equal():
    preset = a_preset()
    x = np.random.default_rng(2).normal(0, 50, (64, N_FEATURES)).astype(np.float32)
    again = Preset.from_bytes(preset.to_bytes())
    np.testing.assert_array_equal(again.mapping.predict(x), preset.mapping.predict(x))


def test_a_patch_carries_the_mapping_and_the_settings():
    preset = a_preset()
    patch = preset.patch(1234)
    assert (patch.map_address, patch.voice, patch.room) == (
        1234,
        preset.card.voice,
        preset.card.room,
    )
    np.testing.assert_array_equal(patch.blob, preset.mapping.blob(strike_share=0.7))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({CARD: b"{}"}, "nothing else"),
        ({CARD: b"{}", ARRAYS: b"", "../../evil.py": b"boom"}, "nothing else"),
        ({CARD: b"not json", ARRAYS: b""}, "not allowed"),
        ({CARD: b"[" * 100_000, ARRAYS: b""}, "not allowed"),
        ({CARD: b"\xff\xfe", ARRAYS: b""}, "not allowed"),
        ({CARD: b" " * 2**20, ARRAYS: b""}, "too large"),
        (parts() | {ARRAYS: b"\x00" * 2**22}, "too large"),
        (parts() | {ARRAYS: b"\xff" * 64}, "damaged"),
        (
            parts() | {ARRAYS: save_arrays({"bias": np.zeros(3, np.float32)})},
            "not the expected ones",
        ),
        (parts() | {CARD: card_with(format="embouchure-preset-9")}, "reads embouchure-preset-2"),
        (parts() | {CARD: card_with(name="../escape")}, "'name' is not allowed"),
        (parts() | {CARD: card_with(description="red \x1b[31m")}, "'description' is not allowed"),
        (parts() | {CARD: card_with(run="rm")}, "'run' is not allowed"),
        (parts() | {CARD: card_with(voice={"gain_db": 1e9})}, "'voice.gain_db' is not allowed"),
        (parts() | {CARD: card_with(manner={"strike_share": 2})}, "'manner.strike_share' is not"),
        (parts() | {CARD: card_with(macros=["a", "b", "c", "d", "e"])}, "'macros' is not allowed"),
    ],
)
def test_a_wrong_part_is_refused_and_named(members: dict[str, bytes], message: str):
    assert message in refusal(packed(members))


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int32])
def test_arrays_of_another_kind_are_refused(dtype: type):
    arrays = {name: np.minimum(a, 1e4).astype(dtype) for name, a in a_mapping().arrays().items()}
    assert "must have" in refusal(packed(parts() | {ARRAYS: save_arrays(arrays)}))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad: float):
    arrays = {name: a.copy() for name, a in a_mapping().arrays().items()}
    arrays["linear"][3, 5] = bad
    assert "not finite" in refusal(packed(parts() | {ARRAYS: save_arrays(arrays)}))


def test_a_file_that_is_too_large_is_refused_before_it_is_unpacked():
    assert "too large" in refusal(b"PK" + bytes(MAX_FILE_BYTES))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_preset_end_in_one_sentence(content: bytes):
    assert "\n" not in refusal(content)


@given(st.data())
def test_a_damaged_preset_is_refused_or_still_legal(data: st.DataObject):
    content = bytearray(a_preset().to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    preset = opened(bytes(content))
    assert preset is None or np.isfinite(preset.mapping.blob()).all()


@given(st.data())
def test_a_truncated_preset_is_refused(data: st.DataObject):
    content = a_preset().to_bytes()
    assert refusal(content[: data.draw(st.integers(0, len(content) - 1))])
