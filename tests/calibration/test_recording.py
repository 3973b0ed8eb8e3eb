"""What is heard in a recording, and the targets it becomes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from calibration.targets import sound_file
from calibration.targets.audition import distance_db
from calibration.targets.cutting import Span, notes, phrases, playable
from calibration.targets.recording import LOUD_DB, NOISE, HeardPhrase, hear
from calibration.targets.sound_file import RecordingError, read_recording
from presets.spaces import factory_space
from synth.analysis.frames import RATE_HZ
from synth.analysis.fundamental import find_melody
from synth.analysis.note import find_onset
from synth.space import Space
from tests.synth.analysis.test_fundamental import tone

Array = NDArray[np.float64]
NOTES = Path(__file__).parents[1] / "synth/notes"


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def a_note(note: float, seconds: float = 0.4, vibrato_cents: float = 0.0) -> Array:
    """A tone that swells in and fades out within 30 ms."""
    t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    track = note + vibrato_cents / 100 * np.sin(2 * np.pi * 6.0 * t_s)
    edge = np.clip(np.minimum(t_s, t_s[-1] - t_s) / 0.03, 0.0, 1.0)
    return tone(track) * edge


def silence(seconds: float) -> Array:
    return np.zeros(round(seconds * RATE_HZ))


def spans(sound: Array) -> list[Span]:
    melody = find_melody(sound)
    return [span for phrase in phrases(melody) for span in notes(melody, phrase)]


def test_each_step_of_the_pitch_begins_a_note():
    found = spans(np.concatenate([a_note(60), a_note(62), a_note(67), a_note(66)]))
    assert [span.start_s for span in found] == pytest.approx([0, 0.4, 0.8, 1.2], abs=0.03)


def test_a_note_struck_again_begins_anew():
    found = spans(np.concatenate([a_note(64), silence(0.02), a_note(64)]))
    assert [span.start_s for span in found] == pytest.approx([0, 0.42], abs=0.03)


@pytest.mark.parametrize("cents", [20.0, 45.0, 70.0, 100.0])
def test_a_note_stays_one_however_wide_its_vibrato(cents: float):
    assert len(spans(a_note(69, 2.0, vibrato_cents=cents))) == 1


def test_a_step_between_two_notes_with_vibrato_is_still_one():
    found = spans(np.concatenate([a_note(64, 1.5, 45.0), a_note(67, 1.5, 45.0)]))
    assert [span.start_s for span in found] == pytest.approx([0, 1.5], abs=0.04)


def test_a_silence_ends_a_phrase():
    found = phrases(find_melody(np.concatenate([a_note(60), silence(0.6), a_note(64)])))
    assert len(found) == 2
    assert [span.start_s for span in found] == pytest.approx([0, 1.0], abs=0.03)


def test_no_part_is_longer_than_can_be_analysed_or_wider_than_can_be_played():
    leap = find_melody(np.concatenate([a_note(45), a_note(50), a_note(72), a_note(76)]))
    (phrase,) = phrases(leap)
    assert [len(part.notes) for part in playable(leap, phrase)] == [2, 2]
    drone = find_melody(a_note(57, 21.0))
    parts = playable(drone, phrases(drone)[0])
    assert [part.span.end_s - part.span.start_s for part in parts] == [20.0]


@pytest.fixture(scope="module")
def trumpet(space: Space) -> HeardPhrase:
    (heard,) = hear(read_recording(NOTES / "trumpet-72.flac"), space, "horn")
    return heard


def test_a_recorded_note_is_heard_at_its_pitch_and_length(trumpet: HeardPhrase):
    sound = read_recording(NOTES / "trumpet-72.flac")
    assert trumpet.target.note == 72.0
    assert trumpet.pitches == pytest.approx((72.0,), abs=0.2)
    assert trumpet.start_s == pytest.approx(find_onset(sound) / RATE_HZ, abs=0.02)
    assert (trumpet.target.name, trumpet.target.kind) == ("horn", "recording")
    assert len(trumpet.targets) == 1


def test_it_is_brought_to_the_level_of_the_presets(trumpet: HeardPhrase):
    loud = np.quantile(trumpet.target.descriptors[:, 0], 0.9)
    assert loud == pytest.approx(LOUD_DB, abs=4.0)


def test_played_again_it_comes_nearer_than_another_instrument(space: Space, trumpet: HeardPhrase):
    sound = read_recording(NOTES / "trumpet-72.flac")
    (viola,) = hear(read_recording(NOTES / "viola-70.flac"), space, "viola")
    true = sound[find_onset(sound) :]
    level_db = trumpet.target.descriptors[:, 0].max() - viola.target.descriptors[:, 0].max()
    assert trumpet.distance_db < 0.7 * distance_db(viola.target, space, true, -level_db)


def test_it_is_told_which_instrument_it_is_like(space: Space, trumpet: HeardPhrase):
    families = {s.name.rsplit("-", 2)[0]: s.family for s in space.card.sounds}
    assert families[trumpet.like] in {"brass", "reed"}


def test_a_melody_gives_a_target_for_the_whole_and_one_for_each_note(space: Space):
    sound = np.concatenate([a_note(60), a_note(64), a_note(67, 0.6)])
    (heard,) = hear(sound, space, "tune", like="flute")
    assert [target.name for target in heard.targets] == ["tune", "tune-01", "tune-02", "tune-03"]
    assert [target.note for target in heard.notes] == [60.0, 64.0, 67.0]
    assert heard.target.descriptors[100, 2] == pytest.approx(700.0, abs=10.0)
    for note in heard.notes:
        assert abs(np.median(note.descriptors[:, 2])) < 5.0
        assert note.held_s == pytest.approx(0.6 if note.note == 67 else 0.4, abs=0.05)


def test_each_phrase_gets_a_target_and_is_told_at_once(space: Space):
    sound = np.concatenate([a_note(60), silence(0.6), a_note(64)])
    told: list[tuple[int, int]] = []
    heard = hear(sound, space, "call", "flute", lambda *share: told.append(share))
    assert next(heard).target.name == "call-1"
    assert told == []
    assert [phrase.target.name for phrase in heard] == ["call-2"]
    assert told == [(1, 2), (2, 2)]


def test_a_recording_without_a_pitch_is_a_noise_to_play(space: Space):
    noise = np.concatenate([0.1 * np.random.default_rng(0).standard_normal(RATE_HZ), silence(0.5)])
    (heard,) = hear(noise, space, "door")
    assert (heard.target.kind, heard.notes, heard.pitches) == (NOISE, (), ())
    assert heard.target.held_s == pytest.approx(1.0, abs=0.4)
    assert heard.played == (heard.target,)


def test_a_click_is_too_short_to_be_played(space: Space):
    click = np.concatenate(
        [silence(0.5), np.random.default_rng(0).standard_normal(500), silence(1)]
    )
    with pytest.raises(RecordingError, match="nothing in the recording lasts long enough"):
        list(hear(click, space, "click"))


def test_a_file_of_two_channels_at_another_rate_is_read(tmp_path: Path):
    wave = a_note(69)[::2]
    soundfile.write(tmp_path / "a.wav", np.stack([wave, wave], axis=1), RATE_HZ // 2)
    read = read_recording(tmp_path / "a.wav")
    assert len(read) == pytest.approx(0.4 * RATE_HZ, abs=4)
    assert np.nanmedian(find_melody(read).note) == pytest.approx(69.0, abs=0.05)


def test_what_is_no_sound_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "text.wav").write_text("not a sound")
    soundfile.write(tmp_path / "silent.wav", np.zeros(4800), RATE_HZ)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE_HZ)
    soundfile.write(tmp_path / "long.wav", a_note(60), RATE_HZ)
    monkeypatch.setattr(sound_file, "LONGEST_S", 0.2)
    for name, message in {
        "none.wav": "there is no file",
        "text.wav": "is no sound; give a WAV",
        "long.wav": "minutes, and at most",
        "": "cannot be read",
    }.items():
        with pytest.raises(RecordingError, match=message):
            read_recording(tmp_path / name)
    for name in ("silent.wav", "empty.wav"):
        with pytest.raises(RecordingError, match="is silent; record it again"):
            read_recording(tmp_path / name)
