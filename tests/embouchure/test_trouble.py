"""The page on trouble: every test it names is there, and what it says the player sees is said."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/trouble.md").read_text()
TESTS = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
SEEN = re.findall(r"\| \*([^*]+)\* \|", PAGE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_a_named_test_is_there(name: str):
    assert f"def {name}(" in TESTS


@pytest.mark.parametrize("sentence", SEEN)
def test_a_sentence_that_the_player_sees_is_in_the_program(sentence: str):
    program = "".join(path.read_text() for path in (ROOT / "embouchure").glob("*.py"))
    joined = re.sub(r'"\s+f?"', "", program).lower()
    for part in re.split(r"\bbox\b|\bkeys\b|…", sentence):
        assert part.strip(" ();.").lower() in joined
