"""The player's hands on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.hand import hands
from mapper.hand import Hand, HandError
from tests.mapper.test_hand import HAND


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("calibration.hand.hands.folder", lambda: tmp_path / "hands")
    return tmp_path / "hands"


def test_a_hand_is_found_by_its_name():
    hands.save(HAND)
    assert hands.names() == ["ada-linnstrument-mpe"]
    assert hands.load("ada-linnstrument-mpe") == HAND


def test_before_any_was_measured_there_is_none():
    assert hands.names() == []
    assert hands.load_all() == ({}, [])


def test_a_second_measurement_keeps_the_first_beside_it(shelf: Path):
    path = hands.save(HAND)
    hands.save(HAND.model_copy(update={"lag_s": 0.2}))
    assert hands.load(path.stem).lag_s == 0.2
    assert Hand.from_json((shelf / f"{path.name}.old").read_bytes()) == HAND


def test_every_measurement_can_be_restored():
    name = hands.save(HAND).stem
    hands.save(HAND.model_copy(update={"lag_s": 0.2}))
    hands.save(HAND.model_copy(update={"lag_s": 0.3}))
    assert [hand.lag_s for hand in hands.versions(name).values()] == [HAND.lag_s, 0.2, 0.3]
    assert hands.restore(name, 2).lag_s == 0.2
    assert hands.load(name).lag_s == 0.2
    assert len(hands.versions(name)) == 4


def test_a_hand_that_was_kept_by_an_earlier_program_is_its_first_version(shelf: Path):
    shelf.mkdir()
    (shelf / "ada-linnstrument-mpe.json").write_text(HAND.to_json())
    hands.save(HAND.model_copy(update={"lag_s": 0.2}))
    assert hands.versions("ada-linnstrument-mpe")[1] == HAND


def test_one_that_was_removed_can_be_restored():
    name = hands.save(HAND).stem
    hands.remove(name)
    assert hands.restore(name, 1) == HAND
    assert hands.names() == [name]


def test_a_version_that_never_was_is_refused_with_those_there_are():
    name = hands.save(HAND).stem
    with pytest.raises(
        HandError, match="no version 7 of the hand ada-linnstrument-mpe; choose one of 1"
    ):
        hands.restore(name, 7)
    with pytest.raises(HandError, match="there is no hand"):
        hands.versions("../../etc")


def test_a_damaged_one_hides_no_other(shelf: Path):
    hands.save(HAND)
    (shelf / "broken.json").write_text("{")
    found, (trouble,) = hands.load_all()
    assert list(found) == ["ada-linnstrument-mpe"]
    assert "the hand broken cannot be used: it is not written in JSON; measure it again" in trouble


def test_a_huge_file_is_not_read_to_its_end(shelf: Path):
    shelf.mkdir()
    (shelf / "huge.json").write_bytes(b" " * 10_000_000)
    with pytest.raises(HandError, match="not written in JSON"):
        hands.load("huge")


def test_one_that_is_removed_can_be_brought_back():
    path = hands.save(HAND)
    kept = hands.remove(path.stem)
    assert hands.names() == []
    kept.rename(path)
    assert hands.load(path.stem) == HAND


@pytest.mark.parametrize("name", ["nobody", "../secret", "/etc/passwd", ""])
def test_what_is_not_there_is_refused_with_what_is(name: str):
    hands.save(HAND)
    for act in (hands.load, hands.remove):
        with pytest.raises(HandError, match="choose one of ada-linnstrument-mpe"):
            act(name)


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_no_name_leads_out_of_the_folder(player: str, controller: str):
    name = hands.name_of(Hand(player=player, controller=controller))
    assert Path(name).name == name
    assert name not in ("", ".", "..")


def test_a_folder_that_cannot_be_written_is_said(shelf: Path):
    shelf.write_text("a file in its place")
    with pytest.raises(HandError, match="the hand cannot be kept"):
        hands.save(HAND)
