"""Spaces on disk: what is written is read, and whatever is damaged is refused in one sentence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from synth.controls import N_CONTROLS, N_DECODER_INPUTS, STRETCH
from synth.space import MAX_FILE_BYTES, Space, SpaceError, check_place, save_space
from tests.synth.toy import CARD, arrays_of

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def toy_arrays() -> dict[str, np.ndarray]:
    hidden = 0.25 * np.ones((16, N_DECODER_INPUTS))
    shown = -0.5 * np.ones((N_CONTROLS, 16))
    return arrays_of([hidden, shown], [np.zeros(16), np.zeros(N_CONTROLS)])


def saved(folder: Path, **changes: np.ndarray | None) -> Path:
    """A space on disk with some arrays, named with _ for the dots, changed or left out."""
    changed = {name.replace("__", "."): array for name, array in changes.items()}
    arrays = toy_arrays() | {name: a for name, a in changed.items() if a is not None}
    arrays = {name: a for name, a in arrays.items() if changed.get(name, a) is not None}
    path = folder / "toy.safetensors"
    save_space(path, CARD, arrays)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SpaceError) as refused:
        Space.load(path)
    return str(refused.value)


def test_weights_come_back_as_they_were_saved(tmp_path: Path):
    loaded, arrays = Space.load(saved(tmp_path)).weights, toy_arrays()
    assert all(np.array_equal(w, arrays[f"decoder.weight.{i}"]) for i, w in enumerate(loaded))


def test_biases_come_back_as_they_were_saved(tmp_path: Path):
    loaded, arrays = Space.load(saved(tmp_path)).biases, toy_arrays()
    assert all(np.array_equal(b, arrays[f"decoder.bias.{i}"]) for i, b in enumerate(loaded))


def test_the_card_comes_back_as_it_was_saved(tmp_path: Path):
    assert Space.load(saved(tmp_path)).card == CARD


def test_loaded_arrays_cannot_be_changed(tmp_path: Path):
    with pytest.raises(ValueError, match="read-only"):
        Space.load(saved(tmp_path)).weights[0][0, 0] = 1.0


def test_equal_files_have_equal_hashes(tmp_path: Path):
    first = Space.load(saved(tmp_path)).sha256
    assert Space.load(saved(tmp_path)).sha256 == first != ""


def test_saving_leaves_no_other_file_behind(tmp_path: Path):
    path = saved(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_refused(tmp_path: Path):
    assert "cannot be read: No such file" in refusal(tmp_path / "none.safetensors")


def test_a_folder_is_refused(tmp_path: Path):
    assert "cannot be read" in refusal(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path):
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "the limit is 64 MB" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 64, b"{}" * 400])
def test_a_file_that_is_not_safetensors_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert "damaged or not a space" in refusal(path)


@pytest.mark.parametrize("header", [None, {}, {"card": "{"}, {"card": '{"name": "other"}'}])
def test_a_safetensors_file_of_another_program_is_refused(tmp_path: Path, header: dict | None):
    path = tmp_path / "model.safetensors"
    path.write_bytes(save({"weight": np.zeros(3, np.float32)}, header))
    assert "damaged or not a space" in refusal(path)


def test_another_format_is_refused_with_both_names(tmp_path: Path):
    path = tmp_path / "future.safetensors"
    save_space(path, CARD.model_copy(update={"format": "embouchure-space-9"}), toy_arrays())
    assert "'embouchure-space-9'; this program reads 'embouchure-space-2'" in refusal(path)


@pytest.mark.parametrize("name", list(toy_arrays()))
def test_a_space_without_one_of_its_arrays_is_refused(tmp_path: Path, name: str):
    assert "install it again" in refusal(saved(tmp_path, **{name.replace(".", "__"): None}))


@pytest.mark.parametrize("name", list(toy_arrays()))
def test_an_array_of_the_wrong_shape_is_refused(tmp_path: Path, name: str):
    wrong = toy_arrays()[name][1:]
    assert "do not fit" in refusal(saved(tmp_path, **{name.replace(".", "__"): wrong}))


@pytest.mark.parametrize("name", list(toy_arrays()))
def test_an_array_without_dimensions_is_refused(tmp_path: Path, name: str):
    path = tmp_path / "flat.safetensors"
    arrays = toy_arrays() | {name: np.array(1.0, np.float32)}
    path.write_bytes(save(arrays, {"card": CARD.model_dump_json()}))
    assert "do not fit" in refusal(path)


def test_biases_in_a_column_are_refused(tmp_path: Path):
    wrong = toy_arrays()["decoder.bias.0"][:, None]
    assert "do not fit" in refusal(saved(tmp_path, decoder__bias__0=wrong))


def test_an_array_of_numbers_that_numpy_does_not_have_is_refused(tmp_path: Path):
    content = saved(tmp_path).read_bytes().replace(b'"F16"', b'"BF16"', 1)
    size = int.from_bytes(content[:8], "little") + 1
    path = tmp_path / "strange.safetensors"
    path.write_bytes(size.to_bytes(8, "little") + content[8:])
    assert "damaged or not a space" in refusal(path)


@pytest.mark.parametrize("name", list(toy_arrays()))
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, name: str, value: float):
    wrong = toy_arrays()[name].copy()
    wrong.flat[-1] = value
    assert "not finite" in refusal(saved(tmp_path, **{name.replace(".", "__"): wrong}))


@pytest.mark.parametrize("lowest", [60.0, -2.0])
def test_bounds_that_no_sound_can_keep_are_refused(tmp_path: Path, lowest: float):
    wrong = toy_arrays()["decoder.low"].copy()
    wrong[STRETCH] = lowest
    assert "bounds allow no sound" in refusal(saved(tmp_path, decoder__low=wrong))


@given(share=st.floats(0, 1, exclude_max=True))
@same_folder
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, share: float):
    path = saved(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert "\n" not in refusal(path)


@given(data=st.data())
@same_folder
def test_flipped_bytes_are_refused_in_one_sentence_or_do_no_harm(
    tmp_path: Path, data: st.DataObject
):
    path = saved(tmp_path)
    content = bytearray(path.read_bytes())
    header_end = 8 + int.from_bytes(content[:8], "little")
    places = st.one_of(st.integers(0, header_end), st.integers(0, len(content) - 1))
    for at, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=4)):
        content[at] = byte
    path.write_bytes(content)
    try:
        space = Space.load(path)
    except SpaceError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert all(np.isfinite(weight).all() for weight in space.weights)


@given(content=st.binary(max_size=200))
@same_folder
def test_any_bytes_are_refused_in_one_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "any.safetensors"
    path.write_bytes(content)
    assert "\n" not in refusal(path)


@pytest.mark.parametrize("ages_s", [[1.0, 0.0], [0.5, 0.5]])
def test_ages_that_do_not_rise_are_refused(tmp_path: Path, ages_s: list[float]):
    save_space(tmp_path / "toy.st", CARD.model_copy(update={"ages_s": ages_s}), toy_arrays())
    assert "do not fit each other" in refusal(tmp_path / "toy.st")


def test_a_place_where_nothing_can_be_written_is_refused_beforehand(tmp_path: Path):
    (tmp_path / "folder.safetensors").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("folder.safetensors", "file/mine.safetensors", "mine"):
        with pytest.raises(SpaceError):
            check_place(tmp_path / name)


def test_checking_a_place_makes_its_folder_and_leaves_nothing_in_it(tmp_path: Path):
    check_place(tmp_path / "new" / "mine.safetensors")
    assert list((tmp_path / "new").iterdir()) == []
