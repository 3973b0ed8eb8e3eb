"""Teaching a space sounds that it has not, without it losing its own."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from presets.spaces import factory_space
from synth.analysis.fundamental import Melody
from synth.controls import NOISE, STRETCH
from synth.decoder import decode
from synth.space import Source, Space
from synth.training.adding.adding import Added, add_sounds
from synth.training.adding.learning import learn
from synth.training.adding.lesson import Lesson
from synth.training.adding.new_sound import NewSound, hear_file, name_of
from synth.training.adding.rehearsal import Rehearsal
from synth.training.adding.student import Student, difference_db
from synth.training.corpus import CorpusError
from tests.synth.analysis.test_unpitched import door
from tests.synth.training.corpora.sounds import tone

RATE_HZ = 48_000


class Whole:
    """All of a melody as one note."""

    def __init__(self, melody: Melody) -> None:
        self.start, self.end = 0, len(melody.note)


def one_note(melody: Melody) -> list[Whole]:
    return [Whole(melody)]


def heard(path: Path, sound: np.ndarray) -> list[NewSound]:
    soundfile.write(path, sound, RATE_HZ)
    return hear_file(path, one_note, name_of(path))


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[NewSound]:
    folder = tmp_path_factory.mktemp("sounds")
    buzz = sum(tone(50 + 12 * np.log2(k), RATE_HZ, 0.6, 0.1) for k in (1, 7, 9))
    return heard(folder / "Odd Buzz.wav", buzz) + heard(folder / "door.wav", door())


@pytest.fixture(scope="module")
def added(space: Space, sounds: list[NewSound], tmp_path_factory: pytest.TempPathFactory) -> Added:
    source = Source(name="my sounds", licence="CC0-1.0", provenance=["Recorded at home."])
    out = tmp_path_factory.mktemp("out") / "mine.safetensors"
    return add_sounds(space, sounds, [source], out, seconds=4.0)


def test_the_new_sounds_come_nearer(added: Added):
    assert [one.name for one in added.improvements] == ["odd-buzz", "door"]
    for one in added.improvements:
        assert one.after_db < one.before_db - 0.5


def test_the_old_sounds_stay(space: Space, added: Added):
    assert added.old_changed_db <= 0.1
    frames = Rehearsal(space, seed=99).draw(2000)
    with torch.no_grad():
        old, new = (
            Student.of(one)(torch.from_numpy(frames.inputs)) for one in (space, added.space)
        )
    assert float(difference_db(new, old, torch.from_numpy(frames.f0_hz)).mean()) < 0.12


def test_the_codebook_has_old_and_new(space: Space, added: Added):
    old = len(space.card.sounds)
    assert added.space.card.sounds[:old] == space.card.sounds
    assert np.allclose(added.space.codes[:old], space.codes, atol=1e-6)
    names = [sound.name.rsplit("-", 2)[0] for sound in added.space.card.sounds[old:]]
    assert names == ["odd-buzz", "door"]
    assert added.space.card.sounds[old].note == 50


def test_origin_and_licence_are_carried_on(space: Space, added: Added):
    sources = added.space.card.sources
    assert sources[-1] == Source(
        name="my sounds", licence="CC0-1.0", provenance=["Recorded at home."]
    )
    assert len(sources) == max(len(space.card.sources), 1) + 1
    assert added.space.card.licence == "CC0-1.0 and MIT"
    assert added.space.card.evaluation["added"]["old_changed_db"] <= 0.1


def test_what_several_additions_change_is_added_up(
    space: Space, sounds: list[NewSound], tmp_path: Path
):
    before = {"added": {"old_changed_db": 0.05, "all_changed_db": 0.11}}
    second = Space(space.card.model_copy(update={"evaluation": before}), space.arrays)
    told = add_sounds(second, sounds[1:], [], tmp_path / "second.safetensors", seconds=0.2)
    figures = told.space.card.evaluation["added"]
    assert figures["all_changed_db"] == pytest.approx(0.11 + figures["old_changed_db"], abs=2e-4)


def test_an_interrupt_keeps_what_was_learned(space: Space, sounds: list[NewSound]):
    def interrupt(share: float, words: str) -> None:
        raise KeyboardInterrupt

    learned = learn(space, sounds[:1], seconds=60.0, report=interrupt)
    assert not torch.equal(learned.student.weights[0], Student.of(space).weights[0])
    assert learned.changed_db <= 0.1


def test_a_name_that_is_taken_is_refused(space: Space, added: Added, sounds: list[NewSound]):
    with pytest.raises(CorpusError, match="has a sound door already; rename"):
        add_sounds(added.space, sounds, [], Path("no.safetensors"), seconds=0.1)


def test_a_recording_of_one_note_is_heard(sounds: list[NewSound]):
    buzz = sounds[0]
    assert (buzz.name, buzz.note, buzz.has_pitch, buzz.velocity) == ("odd-buzz", 50, True, 127)
    assert buzz.slope_db_per_s == 0.0


def test_a_noise_is_heard_as_falling(sounds: list[NewSound]):
    assert not sounds[1].has_pitch
    assert sounds[1].slope_db_per_s < -20


@pytest.mark.parametrize("sound", [np.zeros(9000), np.zeros(0)])
def test_silence_is_refused(tmp_path: Path, sound: np.ndarray):
    with pytest.raises(CorpusError, match=r"silence\.wav is silent; record it again"):
        heard(tmp_path / "silence.wav", sound)


def test_the_students_copy_says_what_the_space_says(space: Space):
    frames = Rehearsal(space, seed=1).as_recorded()
    loudness_db, note = space.loudness_db[:, 5], np.array([s.note for s in space.card.sounds])
    plain = decode(space, space.codes[:, 5], loudness_db, note)
    said = Student.of(space)(torch.from_numpy(frames.inputs)).detach().numpy()
    n_ages = space.codes.shape[1]
    assert np.allclose(np.clip(said[5::n_ages], space.low, space.high), plain, atol=0.02)


def test_elsewhere_a_new_sound_is_new_by_as_much(space: Space, sounds: list[NewSound]):
    old = Student.of(space)
    lesson = Lesson(space, sounds[:1], old, seed=0)
    own = lesson.draw(200)
    there = lesson.transposed(own)
    with torch.no_grad():
        new_here, new_there = own.meant - old(own.inputs), there.meant - old(there.inputs)
    assert (there.f0_hz != own.f0_hz).float().mean() > 0.9
    free = (there.meant > -99.0) & (there.meant < 11.0)
    free[:, STRETCH] = False
    assert new_there[free].numpy() == pytest.approx(new_here[free].numpy(), abs=1e-3)


def test_a_noise_moves_with_its_key(space: Space, sounds: list[NewSound]):
    lesson = Lesson(space, sounds[1:], Student.of(space), seed=0)
    own = lesson.draw(300)
    there = lesson.transposed(own)
    up = there.f0_hz > 1.9 * own.f0_hz
    assert up.any()
    loudest = [part.meant[up][:, NOISE].argmax(dim=1).float().mean() for part in (own, there)]
    assert loudest[1] > loudest[0] + 3
