"""What a candidate is made of, and how it is told from others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from calibration.exploration.candidate import MAX_PARTS, MAX_SHARE, Candidate, Part

NAMES = st.sampled_from(["trumpet", "cello", "flute"])
SHARES = st.floats(-MAX_SHARE, MAX_SHARE)
PARTS = st.lists(st.builds(Part, NAMES, SHARES, SHARES), min_size=1, max_size=MAX_PARTS)
CANDIDATES = st.builds(
    Candidate,
    kind=st.sampled_from(["mix", "bred"]),
    parts=PARTS.map(tuple),
    pace=st.floats(0.2, 5.0),
    parents=st.lists(st.integers(1, 99), max_size=2).map(tuple),
)


@given(CANDIDATES)
def test_a_candidate_survives_being_written_and_read(candidate: Candidate):
    again = Candidate.model_validate_json(candidate.model_dump_json())
    assert again == candidate
    assert again.key == candidate.key


def test_descent_does_not_change_what_is_heard():
    born = Candidate(kind="bred", parts=(Part("flute", 1, 1),), parents=(3, 4))
    drawn = Candidate(kind="mix", parts=(Part("flute", 1, 1),))
    assert born.key == drawn.key


def test_other_shares_are_another_sound():
    one = Candidate(kind="mix", parts=(Part("flute", 1, 1),))
    other = Candidate(kind="mix", parts=(Part("flute", 0.9999, 1),))
    assert one.key != other.key


@pytest.mark.parametrize(
    ("kind", "parts", "words"),
    [
        ("mix", [("flute", 0.7, 0.7), ("oboe", 0.3, 0.3)], "70% flute + 30% oboe"),
        ("turn", [("harp", 1, 0), ("choir-aah", 0, 1)], "harp that turns into choir-aah"),
        ("beyond", [("oboe", 1.5, 1.5), ("flute", -0.5, -0.5)], "oboe away from flute by 50%"),
    ],
)
def test_a_candidate_says_what_it_is_made_of(kind: str, parts: list[Part], words: str):
    assert Candidate.model_validate({"kind": kind, "parts": parts}).recipe == words


@pytest.mark.parametrize("share", [float("nan"), float("inf"), MAX_SHARE + 1])
def test_a_share_that_cannot_be_heard_is_refused(share: float):
    with pytest.raises(ValidationError):
        Candidate.model_validate({"kind": "mix", "parts": [("flute", share, 1.0)]})


def test_a_candidate_of_nothing_is_refused():
    with pytest.raises(ValidationError):
        Candidate(kind="mix", parts=())
