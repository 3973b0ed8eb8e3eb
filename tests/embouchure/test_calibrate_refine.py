"""A refinement from end to end against a JACK server: another program plays and answers by taps."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapper.rpn import zone_messages
from tests.embouchure.studio import PATIENT, START_TIMEOUT_S, Server, Studio
from tests.embouchure.test_calibrate_demo import TAP, taught

pytestmark = pytest.mark.jack

HOLD_S = 1.0
PHRASE = (b"\x92\x40\x50", b"\xd2\x40", b"\xd2\x60", b"\x82\x40\x40")


@pytest.fixture
def server() -> Iterator[str]:
    made = Server("embouchure-demo", *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture
def studio(server: str) -> Iterator[Studio]:
    made = Studio.open(server)
    yield made
    made.close()


def held(studio: Studio) -> None:
    studio.play(TAP[0], pause_s=HOLD_S)
    studio.play(TAP[1])


def test_a_player_marks_what_they_played_and_compares_pairs(
    server: str, studio: Studio, tmp_path: Path
) -> None:
    options = ("breath", "--comparisons", "2", "--host-api", "JACK")
    with taught(server, tmp_path, *options, verb="refine") as desk:
        assert desk.turns_to("LOWEST KEY", seconds=START_TIMEOUT_S), desk.shown
        studio.connect()
        studio.play(*zone_messages(0, 15), *TAP)
        assert desk.turns_to("PLAY"), desk.shown
        for message in PHRASE:
            studio.play(message, pause_s=0.4)
        assert studio.loudest(0.5) > 0.002
        held(studio)
        assert desk.turns_to("MARKED"), desk.shown
        studio.play(*TAP)
        assert desk.turns_to("PLAY", 2), desk.shown
        studio.play(*TAP)
        for number in (1, 2):
            assert desk.turns_to("B: ", number, 40.0), desk.shown
            assert desk.turns_to("A or B?", number), desk.shown
            held(studio)
        answer = desk.result()
    done = [one["done"] for one in answer["history"]]
    assert done[0] == "Began from breath"
    assert done[1].startswith("More loud from")
    assert done[2] == "Chosen by 2 comparisons"
    assert answer["comparisons"] == 2
    kept = tmp_path / "embouchure/calibration/work/breath/steps"
    assert len(list(kept.iterdir())) == 3
    assert json.loads((kept.parent / "now.json").read_text()) == {"number": 3}
