"""How an exploration is begun, interrupted, gone on with, paged and bred from."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.exploration import generation
from calibration.exploration.breeding import Breeder
from calibration.exploration.candidate import MAX_PARTS
from calibration.exploration.entry import entries, summary
from calibration.exploration.exploration import Exploration, begin, resume
from calibration.exploration.index import Index
from calibration.exploration.pages import PAGE_SIZE, next_page
from calibration.exploration.pool import Pool
from calibration.exploration.preview import preview_on
from calibration.exploration.shelf import (
    INDEX,
    ExplorationError,
    exploration_names,
    explorations_folder,
)
from calibration.exploration.sounding import foreseen, trajectory
from calibration.exploration.spread import APART_DB, JUST_NOTICEABLE_DB, nearest_db
from synth.moving.fingerprint import distance_db
from tests.calibration.exploration.conftest import ALONE, SMALL, silently

ROOT = Path(__file__).parents[3]


def contents(exploration: Exploration) -> list[tuple[object, ...]]:
    return [
        (one.number, one.candidate, one.description, one.fingerprint.tobytes())
        for one in exploration.archive.found()
    ]


def marks(exploration: Exploration) -> NDArray[np.float64]:
    return np.array([one.fingerprint for one in exploration.found])


def stop_after(n_kept: int):
    def progress(done: int, _wanted: int) -> None:
        if done >= n_kept:
            raise KeyboardInterrupt

    return progress


def test_as_many_sounds_are_kept_as_were_wanted(small: Exploration):
    assert summary(small).kept == SMALL
    assert summary(small).is_complete


def test_equal_seeds_give_equal_explorations(small: Exploration):
    again = begin("again", count=SMALL)
    again.render(silently, ALONE)
    assert contents(again) == contents(small)
    for one in small.found[:4]:
        assert again.preview(one.number).read_bytes() == small.preview(one.number).read_bytes()


def test_what_was_interrupted_goes_on_to_the_same_end(
    small: Exploration, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(generation, "CHUNK", 5)
    with pytest.raises(KeyboardInterrupt):
        begin("cut", count=SMALL).render(stop_after(10), ALONE)
    cut = resume("cut")
    assert 10 <= summary(cut).kept < SMALL
    cut.render(silently, ALONE)
    assert contents(cut) == contents(small)


def test_a_killed_rendering_goes_on_to_the_same_end(small: Exploration):
    code = (
        "from calibration.exploration import generation as g, exploration as e\n"
        "from synth.training.staff import Staff\n"
        f"g.CHUNK = 3\nx = e.begin('killed', count={SMALL})\n"
        "x.render(lambda done, wanted: print(done, flush=True), Staff(n_jobs=1))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ.copy(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        while int(process.stdout.readline()) < 6:
            pass
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    killed = resume("killed")
    assert 6 <= summary(killed).kept < SMALL
    killed.render(silently, ALONE)
    assert contents(killed) == contents(small)


def test_neighbours_differ_audibly_and_more_than_by_chance(small: Exploration):
    drawn = Pool(small.palette, 123).draw(2 * SMALL)
    made = [preview_on(small.palette, candidate, 60.0) for candidate in drawn]
    chance = np.array([p.fingerprint for p in made if p.refused is None][:SMALL], np.float64)
    ours = nearest_db(marks(small))
    assert ours.min() > 3.0 * JUST_NOTICEABLE_DB
    assert ours.min() > nearest_db(chance).min()
    assert np.median(ours) > np.median(nearest_db(chance))


def test_a_page_is_nine_sounds_that_differ(small: Exploration):
    page = next_page(small.found, [], [])
    assert len(set(page)) == PAGE_SIZE
    shown = np.array([small.sound(number).fingerprint for number in page])
    assert nearest_db(shown).min() >= APART_DB


def test_pages_show_every_sound_once(small: Exploration):
    pages: list[list[int]] = []
    while page := next_page(small.found, [], pages):
        pages.append(page)
    seen = [number for page in pages for number in page]
    assert sorted(seen) == [one.number for one in small.found]


def test_after_a_star_the_next_page_begins_nearer_to_it(small: Exploration):
    pages = [next_page(small.found, [], [])]
    starred = pages[0][0]
    liked = small.sound(starred).fingerprint

    def away(number: int) -> float:
        return float(distance_db(small.sound(number).fingerprint, liked))

    fresh = [one.number for one in small.found if one.number not in pages[0]]
    best = next_page(small.found, [starred], pages)[0]
    assert away(best) < np.median([away(number) for number in fresh])


def test_a_page_that_was_shown_is_shown_again_until_it_is_turned():
    exploration = begin("paged", count=9)
    exploration.render(silently, ALONE)
    page = exploration.page()
    assert resume("paged").page() == page
    with pytest.raises(ExplorationError, match="every sound of paged was shown"):
        exploration.turn()


def test_stars_survive():
    exploration = begin("stars", count=9)
    exploration.render(silently, ALONE)
    first, second = (one.number for one in exploration.found[:2])
    exploration.star([first, second])
    exploration.unstar([first])
    exploration.archive.close()
    assert resume("stars").choices.starred() == [second]
    assert [entry.starred for entry in entries(resume("stars"), [first, second])] == [False, True]


def test_children_are_near_their_parents_and_like_no_other_sound():
    exploration = begin("bred", count=12)
    exploration.render(silently, ALONE)
    before = marks(exploration)
    first, second = (one.number for one in exploration.found[:2])
    parents = [exploration.sound(number).fingerprint for number in (first, second)]
    apart_db, spacing_db = float(distance_db(*parents)), exploration.spacing_db()
    born = [exploration.sound(n) for n in exploration.breed([first, second], 4)]
    assert len(born) == 4
    for child in born:
        nearest = min(float(distance_db(child.fingerprint, parent)) for parent in parents)
        assert APART_DB <= nearest <= 0.5 * apart_db + 2.0 * spacing_db
        assert nearest_db(child.fingerprint[None], before)[0] >= APART_DB
        assert child.candidate.parents == (first, second)
    assert exploration.page() == [child.number for child in born]
    assert set(entries(exploration, [first])[0].children) == {child.number for child in born}


def test_equal_seeds_breed_equal_children(small: Exploration):
    parents = {one.number: one.candidate for one in small.found[:3]}
    broods = [
        [Breeder(small.palette, 60.0, 5.0, [1, 2]).child(parents) for _ in range(2)]
        for _ in range(2)
    ]
    assert broods[0] == broods[1]


def test_a_mutation_goes_about_as_far_as_neighbours_are_apart(small: Exploration):
    parent = {1: small.found[0].candidate}
    before = foreseen(small.palette, parent[1], 60.0)
    breeder = Breeder(small.palette, 60.0, 5.0, [7])
    steps = [
        float(distance_db(foreseen(small.palette, breeder.child(parent), 60.0), before))
        for _ in range(12)
    ]
    assert 2.5 < np.median(steps) < 10.0


def test_generations_do_not_grow(small: Exploration):
    parents = {one.number: one.candidate for one in small.found[:4]}
    breeder = Breeder(small.palette, 60.0, 5.0, [3])
    for generation_ in range(5):
        parents = {10 * generation_ + i: breeder.child(parents) for i in range(4)}
    for child in parents.values():
        assert len(child.parts) <= MAX_PARTS
        assert np.isfinite(trajectory(small.palette, child, 60.0)).all()


def test_breeding_without_a_star_says_what_to_do():
    exploration = begin("bare", count=9)
    with pytest.raises(ExplorationError, match="nothing is starred"):
        exploration.breed()


def test_a_preview_that_was_lost_is_rendered_again(small: Exploration):
    path = small.preview(small.found[0].number)
    before = path.read_bytes()
    path.unlink()
    assert small.preview(small.found[0].number).read_bytes() == before


def test_an_unknown_sound_is_answered_in_one_sentence(small: Exploration):
    with pytest.raises(ExplorationError, match="there is no sound 9999 in small; choose"):
        small.sound(9999)


def test_without_an_exploration_the_way_to_one_is_told():
    with pytest.raises(ExplorationError, match="begin one with `embouchure explore new`"):
        resume()
    with pytest.raises(ExplorationError, match="there is no exploration caves"):
        resume("caves")


def test_a_damaged_index_is_named():
    folder = explorations_folder() / "broken"
    folder.mkdir(parents=True)
    (folder / INDEX).write_bytes(b"no index at all" * 100)
    with pytest.raises(ExplorationError, match="the exploration broken is damaged"):
        Index(folder)


def test_a_name_is_used_once():
    begin("once", count=9)
    with pytest.raises(ExplorationError, match="there is an exploration once already"):
        begin("once", count=9)
    assert exploration_names() == ["once"]


def test_previews_are_small(small: Exploration):
    """A second and a half of one channel at 24 kHz and 16 bits is 72 kB before it is packed."""
    assert summary(small).size_bytes / SMALL < 80_000
