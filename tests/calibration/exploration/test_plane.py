"""Laying found sounds out for the eye."""

import numpy as np

from calibration.exploration.archive import Found
from calibration.exploration.candidate import Candidate, Part
from calibration.exploration.description import NUMBERS, WORDS, Description
from calibration.exploration.plane import plane_of

USUAL = dict.fromkeys((*NUMBERS, "lufs"), 0.0)


def sounds(n: int, *, bred: int = 0) -> list[Found]:
    """Sounds that differ first by how bright they are and then by how breathy."""
    rng = np.random.default_rng(3)
    made = []
    for number in range(n + bred):
        bright, breath = rng.normal(0.0, 3.0), rng.normal(0.0, 1.0)
        mark = np.zeros(12)
        mark[:3], mark[3:6] = bright, breath
        kind = "bred" if number >= n else "mix"
        made.append(
            Found(
                number + 1,
                Candidate(kind=kind, parts=(Part(f"p{number}", 1.0, 1.0),)),
                Description(
                    **{**USUAL, "bright_semitones": bright, "breath_db": breath, "centroid_hz": 1.0}
                ),
                mark + rng.normal(0.0, 0.01, 12),
            )
        )
    return made


def test_directions_are_named_by_what_the_ear_finds_along_them():
    plane = plane_of(sounds(40))
    assert plane.ends == (*WORDS["bright_semitones"], *WORDS["breath_db"])


def test_the_brightest_lies_at_the_end_that_is_called_bright():
    found = sounds(40)
    across = plane_of(found).places[:, 0]
    bright = [one.description.bright_semitones for one in found]
    assert np.corrcoef(across, bright)[0, 1] > 0.95


def test_places_fill_the_plane():
    places = plane_of(sounds(60)).places
    assert np.abs(places).max() <= 1.0
    assert (places.max(axis=0) - places.min(axis=0) > 1.5).all()


def test_a_child_moves_none_of_the_others():
    alone, with_children = plane_of(sounds(30)), plane_of(sounds(30, bred=5))
    np.testing.assert_allclose(with_children.places[:30], alone.places)


def test_a_few_sounds_have_places_too():
    for n in (1, 2, 3):
        places = plane_of(sounds(n)).places
        assert places.shape == (n, 2)
        assert np.isfinite(places).all()
