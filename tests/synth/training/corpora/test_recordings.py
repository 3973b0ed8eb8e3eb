"""Long recordings cut into notes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.analysis.fundamental import Melody
from synth.training.corpora.material import Dropped, RawNote
from synth.training.corpora.recordings import RecordingMaterial
from tests.synth.training.corpora.sounds import tone

RATE_HZ = 48_000
NOTES = (55, 59, 62, 57)


class Span:
    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end


def halves(melody: Melody) -> list[Span]:
    """A cut every half second."""
    return [Span(at, at + 50) for at in range(0, len(melody.note) - 40, 50)]


def nowhere(melody: Melody) -> list[Span]:
    return []


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    gains = (1.0, 0.5, 0.25, 0.125)
    sounds = [gain * tone(note, RATE_HZ, 0.5) for note, gain in zip(NOTES, gains, strict=True)]
    soundfile.write(tmp_path / "My Song.wav", np.concatenate(sounds), RATE_HZ)
    return tmp_path / "My Song.wav"


def raw(path: Path) -> list[RawNote]:
    (part,) = RecordingMaterial(path=path, cut=halves).parts()
    return [note for note in part.notes() if isinstance(note, RawNote)]


def test_each_note_is_cut_at_its_pitch(recording: Path):
    notes = raw(recording)
    assert tuple(note.pitch for note in notes) == NOTES
    assert all(0.4 < len(note.sound) / RATE_HZ < 0.6 for note in notes)


def test_softer_notes_are_of_less_velocity(recording: Path):
    velocities = [note.velocity for note in raw(recording)]
    assert velocities == sorted(velocities, reverse=True)
    assert velocities[0] == 127
    assert velocities[-1] < 60


def test_a_steady_note_needs_no_track(recording: Path):
    assert [note.track for note in raw(recording)[:1]] == [()]


def test_a_note_that_glides_is_learned_with_its_track(tmp_path: Path):
    glide = np.linspace(58, 62, RATE_HZ // 2)
    soundfile.write(tmp_path / "glide.wav", tone(glide, RATE_HZ, 0.5), RATE_HZ)
    (note,) = raw(tmp_path / "glide.wav")
    assert note.track[-5] - note.track[5] > 2.5


def test_the_recording_is_brought_to_a_usual_level(recording: Path):
    loudest = max(np.abs(note.sound).max() for note in raw(recording))
    assert 0.2 < loudest < 1.0


def test_a_recording_without_notes_says_so(recording: Path):
    (part,) = RecordingMaterial(path=recording, cut=nowhere).parts()
    assert list(part.notes()) == [Dropped("My Song.wav", "no note is heard in it")]


def test_it_is_named_after_its_file_unless_told_otherwise(recording: Path):
    (own,) = RecordingMaterial(path=recording, cut=halves).parts()
    (told,) = RecordingMaterial(path=recording, cut=halves, name="A Choir").parts()
    assert own.instrument.name == "my-song"
    assert (told.instrument.name, told.instrument.family) == ("a-choir", "vocal")


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(RATE_HZ), np.full(RATE_HZ, np.nan)])
def test_a_recording_of_nothing_is_left_out(tmp_path: Path, sound: np.ndarray):
    soundfile.write(tmp_path / "nothing.wav", sound, RATE_HZ, subtype="FLOAT")
    (part,) = RecordingMaterial(path=tmp_path / "nothing.wav", cut=halves).parts()
    assert list(part.notes()) == [Dropped("nothing.wav", "it is silent")]
