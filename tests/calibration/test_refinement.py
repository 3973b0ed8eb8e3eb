"""A preset is brought nearer to a wish step by step, and every step can be undone."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from calibration.refinements.gains import Gains
from calibration.refinements.phrase import Phrase
from calibration.refinements.refinement import Refinement
from calibration.refinements.refusal import RefinementError
from calibration.refinements.versions import Versions
from mapper.mapping import LOUDNESS, Mapping
from tests.calibration.readable import a_phrase, readable_mapping, readable_preset

PHRASE = a_phrase()
MIDDLE = (1.2, 2.3)


def opened(folder: Path) -> Refinement:
    return Refinement(Versions(folder), readable_preset())


def blob(refinement: Refinement) -> bytes:
    return refinement.preset.mapping.blob().tobytes()


def there(mapping: Mapping) -> np.ndarray:
    """What is said in the midst of the middle touch."""
    features = PHRASE.between(*MIDDLE).features()
    return mapping.predict(features[len(features) // 4 : len(features) // 2]).mean(axis=0)


def test_the_work_begins_with_the_preset_as_it_is(tmp_path: Path):
    refinement = opened(tmp_path)
    assert refinement.preset.to_bytes() == readable_preset().to_bytes()
    assert [step.done for step in refinement.history()] == ["Began from reed"]


def test_the_work_goes_on_where_it_was_left(tmp_path: Path):
    opened(tmp_path).turn(Gains(brightness=0.1))
    again = opened(tmp_path)
    assert again.gains == Gains(brightness=0.1)
    assert again.version.number == 2


def test_a_preset_that_has_changed_meanwhile_is_gone_on_from(tmp_path: Path):
    changed = opened(tmp_path).with_gains(Gains(brightness=0.3))
    again = Refinement(Versions(tmp_path), changed)
    assert again.ground.to_bytes() == changed.to_bytes()
    assert again.version.number == 2
    assert again.undo().number == 1


def test_what_was_learned_anew_stays_when_the_work_goes_on(tmp_path: Path):
    refinement = opened(tmp_path)
    learned = refinement.with_gains(Gains(brightness=0.3))
    refinement.stand_on(learned, "Learned anew")
    assert opened(tmp_path).ground.to_bytes() == learned.to_bytes()


def test_what_came_of_the_work_is_known_when_it_comes_back(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.turn(Gains(brightness=0.1))
    kept = refinement.named("mine")
    assert Refinement(Versions(tmp_path), kept).version.number == 2


def test_the_work_goes_on_though_an_older_version_is_damaged(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.turn(Gains(brightness=0.1))
    begun, _ = refinement.history()
    kept = refinement.named("mine")
    (tmp_path / "things" / begun.preset).write_bytes(b"no longer a preset")
    assert Refinement(Versions(tmp_path), kept).version.number == 2


def test_every_kind_of_step_is_a_version_and_undone_bit_for_bit(tmp_path: Path):
    refinement = opened(tmp_path)
    seen = [blob(refinement)]
    for step in (
        lambda: refinement.more("bright", 1, PHRASE, *MIDDLE),
        lambda: refinement.turn(Gains(dynamics=1.2)),
        lambda: refinement.wander(0.4, 7, PHRASE),
        lambda: refinement.more("wobble", 1, PHRASE, *MIDDLE),
        lambda: refinement.rate("20261122-a", 5),
    ):
        step()
        seen.append(blob(refinement))
    assert len(set(seen[:5])) == 5
    for before in reversed(seen[:-1]):
        refinement.undo()
        assert blob(refinement) == before
    for after in seen[1:]:
        refinement.redo()
        assert blob(refinement) == after


def test_a_wish_is_approached_step_by_step_until_no_difference_is_heard(tmp_path: Path):
    """A player who wants the middle louder and brighter says more or less until it is so."""
    refinement = opened(tmp_path)
    wish = there(readable_mapping()) + np.eye(18)[LOUDNESS] * 7.0 + np.eye(18)[0] * 0.9
    errors = []
    for _ in range(5):
        away = wish - there(refinement.preset.mapping)
        errors.append(abs(away[LOUDNESS]) / 7.0 + abs(away[0]) / 0.9)
        if abs(away[LOUDNESS]) > 1.5:
            refinement.more("loud", float(np.sign(away[LOUDNESS])), PHRASE, *MIDDLE)
        if abs(away[0]) > 0.15:
            refinement.more("bright", float(np.sign(away[0])), PHRASE, *MIDDLE)
    assert all(later <= before + 1e-6 for before, later in pairwise(errors))
    assert errors[-1] < 0.3 * errors[0]


def test_gains_lie_above_corrections_whenever_they_were_turned(tmp_path: Path):
    one, other = opened(tmp_path / "one"), opened(tmp_path / "other")
    one.turn(Gains(brightness=0.2))
    one.more("loud", 1, PHRASE, *MIDDLE)
    other.more("loud", 1, PHRASE, *MIDDLE)
    other.turn(Gains(brightness=0.2))
    assert blob(one) == blob(other)


def test_wobble_is_turned_by_the_gains(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.more("wobble", 2, PHRASE, *MIDDLE)
    assert refinement.gains.colour > 1.0
    assert refinement.gains.vibrato > 1.0


def test_no_wandering_is_exactly_what_was_before(tmp_path: Path):
    refinement = opened(tmp_path)
    before = blob(refinement)
    refinement.wander(0.8, 1, PHRASE)
    assert blob(refinement) != before
    refinement.wander(0.0, 1, PHRASE)
    assert blob(refinement) == before


def test_other_gains_can_be_heard_without_being_kept(tmp_path: Path):
    refinement = opened(tmp_path)
    before = blob(refinement)
    assert refinement.with_gains(Gains(dynamics=2.0)).mapping.blob().tobytes() != before
    assert len(refinement.history()) == 1


def test_what_was_learned_anew_stands_under_everything_else(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.turn(Gains(dynamics=1.5))
    arrays = readable_mapping().arrays()
    arrays["offset"] = arrays["offset"] + np.float32(0.5)
    taught = readable_preset().__class__(
        card=readable_preset().card, mapping=Mapping.from_arrays(arrays)
    )
    refinement.stand_on(taught, "Learned from 3 takes")
    assert refinement.gains == Gains(dynamics=1.5)
    assert refinement.ground.mapping.blob().tobytes() == taught.mapping.blob().tobytes()


def test_ratings_weight_takes(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.rate("good", 5)
    refinement.rate("poor", 1)
    assert refinement.weight("good") > refinement.weight("unrated") == 1.0
    assert refinement.weight("poor") == 0.0


def test_a_rating_that_there_is_not_is_refused(tmp_path: Path):
    with pytest.raises(RefinementError, match="6 is no rating; choose from 1"):
        opened(tmp_path).rate("key", 6)


def test_nothing_played_can_be_marked(tmp_path: Path):
    with pytest.raises(RefinementError, match="nothing was played yet"):
        opened(tmp_path).more("loud", 1, Phrase(()), 0, 1)


def test_a_refined_preset_tells_what_it_was_made_from(tmp_path: Path):
    refinement = opened(tmp_path)
    refinement.turn(Gains(dynamics=1.5))
    kept = refinement.named("reed-mine")
    assert kept.card.name == "reed-mine"
    assert kept.card.provenance.origin == "refined"
    assert kept.card.provenance.ancestors[0].name == "reed"
