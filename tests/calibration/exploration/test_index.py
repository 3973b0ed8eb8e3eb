"""What an exploration's file bears: damage anywhere, folders that cannot be written."""

from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.exploration.archive import Archive
from calibration.exploration.candidate import Candidate, Part
from calibration.exploration.choices import Choices
from calibration.exploration.description import Description
from calibration.exploration.index import Index
from calibration.exploration.preview import Preview
from calibration.exploration.shelf import INDEX, ExplorationError, Settings
from synth.moving.fingerprint import SIZE

SETTINGS = Settings(name="one", seed=0, count=9, note=60, space_sha256="0" * 64)
CANDIDATES = [
    Candidate(kind="mix", parts=(Part("flute", share / 20, share / 20),)) for share in range(14)
]
DESCRIBED = Description(
    bright_semitones=1,
    breath_db=1,
    hollow_db=1,
    body_db=1,
    attack_s=1,
    decay_db_per_s=1,
    motion_semitones=1,
    centroid_hz=1,
    lufs=1,
)


def an_index(folder: Path) -> bytes:
    index = Index.create(folder, SETTINGS, CANDIDATES)
    Choices(index).star([1, 2])
    Choices(index).show([3, 4])
    with index.change() as change:
        row = (DESCRIBED.model_dump_json(), bytes(480))
        change.execute(
            "UPDATE candidates SET description = ?, fingerprint = ? WHERE number < 5", row
        )
    index.close()
    return (folder / INDEX).read_bytes()


@cache
def a_whole_index() -> bytes:
    with TemporaryDirectory() as place:
        return an_index(Path(place))


def read_all(folder: Path) -> None:
    index = Index(folder)
    try:
        archive, choices = Archive(index), Choices(index)
        archive.waiting(), archive.found(), archive.n_kept(), archive.n_refused()
        choices.starred(), choices.pages()
    finally:
        index.close()


def test_candidates_keep_their_order(tmp_path: Path):
    an_index(tmp_path)
    waiting = Archive(Index(tmp_path)).waiting()
    assert [number for number, _ in waiting] == list(range(5, 15))
    assert [candidate for _, candidate in waiting] == CANDIDATES[4:]


def test_pages_come_back_in_their_order(tmp_path: Path):
    an_index(tmp_path)
    choices = Choices(Index(tmp_path))
    choices.show([9, 7, 8])
    assert choices.pages() == [[3, 4], [9, 7, 8]]


def test_a_star_counts_once(tmp_path: Path):
    an_index(tmp_path)
    choices = Choices(Index(tmp_path))
    choices.star([2, 2, 5])
    choices.unstar([1, 14])
    assert choices.starred() == [2, 5]


def test_a_change_that_fails_leaves_everything_as_it_was(tmp_path: Path):
    an_index(tmp_path)
    index = Index(tmp_path)
    with suppress(ZeroDivisionError), index.change() as change:
        change.execute("DELETE FROM stars")
        raise ZeroDivisionError
    assert Choices(index).starred() == [1, 2]


def test_two_programs_that_breed_the_same_sound_have_it_once(tmp_path: Path):
    an_index(tmp_path)
    child = CANDIDATES[0].model_copy(update={"kind": "bred", "pace": 2.0})
    bred = [(child, Preview(None, b"flac", DESCRIBED, np.zeros(SIZE, np.float32)))]
    one, other = Archive(Index(tmp_path)), Archive(Index(tmp_path))
    assert one.add(bred) == other.add(bred) == [15]
    assert one.n_kept(bred=True) == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)), min_size=1))
@settings(deadline=None, max_examples=150)
def test_damage_is_told_in_one_sentence_or_does_no_harm(damage: list[tuple[float, bytes]]):
    with TemporaryDirectory() as place:
        folder = Path(place)
        content = bytearray(a_whole_index())
        for where, what in damage:
            at = round(where * (len(content) - len(what)))
            content[at : at + len(what)] = what
        (folder / INDEX).write_bytes(content)
        try:
            read_all(folder)
        except ExplorationError as error:
            assert "\n" not in str(error)  # noqa: PT017


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_what_is_no_index_is_told_in_one_sentence(content: bytes):
    with TemporaryDirectory() as place:
        (Path(place) / INDEX).write_bytes(content)
        with pytest.raises(ExplorationError, match="damaged|cannot be read"):
            read_all(Path(place))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ExplorationError, match=r"cannot be kept in .* \([A-Z][^\[\]]*\); make room"
    ):
        Index.create(tmp_path / "file" / "one", SETTINGS, CANDIDATES)
