"""What the polish listens to."""

import numpy as np
import pytest

from synth.analysis.note import find_onset
from synth.training.batches import Batches
from synth.training.corpus import read_corpus
from synth.training.features import load_features, measure, recording
from synth.training.pack import Pack
from synth.training.recordings import N_CROPS, N_SAMPLES, Recordings
from synth.training.together import World
from tests.synth.training.toy_corpus import write_toy_corpus


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory):
    folder = write_toy_corpus(tmp_path_factory.mktemp("toy"))
    notes = [note for note in read_corpus(folder) if note.split == "train"]
    notes = measure(notes, folder / "cache", n_jobs=1)
    pack = Pack(notes, (load_features(note, folder / "cache") for note in notes))
    return Recordings(Batches(pack, (-30.0, 10.0), 0, n_crops=2), 0, World())


def test_strikes_are_heard_from_their_onset_on(recordings: Recordings):
    listening = recordings.draw(0)
    beginnings = []
    for note in recordings.pack.notes:
        audio, _ = recording(note)
        beginnings.append(audio[find_onset(audio) :][:N_SAMPLES].astype(np.float32))
    for crop in listening.recorded.numpy():
        assert any(np.array_equal(crop, beginning) for beginning in beginnings)
    assert listening.course.strikes.all()


def test_later_crops_are_as_loud_as_their_course_says(recordings: Recordings):
    listening = recordings.draw(1)
    heard_db = 10 * np.log10((listening.recorded.numpy() ** 2).mean(1))
    inside = listening.course.starts < N_SAMPLES
    said_db = listening.course.loudness_db.numpy()[:, inside].mean(1)
    assert heard_db == pytest.approx(said_db, abs=2)
    assert not listening.course.strikes.any()


def test_a_step_hears_the_same_whenever_it_is_drawn(recordings: Recordings):
    once, again = recordings.draw(4), recordings.draw(4)
    assert np.array_equal(once.recorded, again.recorded)
    assert np.array_equal(once.white, again.white)
    assert len(once.recorded) == N_CROPS
