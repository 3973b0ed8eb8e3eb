import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.play_settings import PlaySettings
from embouchure.rendering import open_wav, sound_of
from mapper.recorder import Recorder


@pytest.fixture
def performance(tmp_path: Path) -> Path:
    recorder = Recorder()
    recorder.record(0.0, 0, b"\x91\x45\x60")
    recorder.record(0.5, 0, b"\x81\x45\x40")
    recorder.export(tmp_path / "note.mid")
    return tmp_path / "note.mid"


def whole_sound(performance: Path, preset: str) -> NDArray[np.float32]:
    settings = PlaySettings(preset=preset)
    return np.concatenate([block for _, block in sound_of(performance, settings, tail_s=0.5)])


def test_a_performance_lasts_as_long_as_its_events_and_the_tail(performance: Path) -> None:
    blocks = [block for _, block in sound_of(performance, PlaySettings(), tail_s=1.0)]
    assert sum(map(len, blocks)) / 48_000 == pytest.approx(1.5, abs=0.01)


def test_progress_grows_to_the_whole(performance: Path) -> None:
    shares = [share for share, _ in sound_of(performance, PlaySettings(), tail_s=1.0)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, abs=0.01)


def test_rendering_twice_gives_the_same_samples(performance: Path) -> None:
    first, second = (whole_sound(performance, "breath") for _ in range(2))
    assert np.array_equal(first, second)


def test_each_preset_has_its_own_sound(performance: Path) -> None:
    first, second = (whole_sound(performance, preset) for preset in ("breath", "pluck"))
    assert not np.array_equal(first, second)


def test_a_wav_that_was_written_can_be_read(tmp_path: Path) -> None:
    sound = np.linspace(-0.5, 0.5, 200, dtype=np.float32).reshape(100, 2)
    with open_wav(tmp_path / "a.wav", 48_000) as wav:
        wav.write(sound)
    read, rate_hz = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate_hz == 48_000
    assert np.abs(read - sound).max() < 2**-22


def test_an_interrupted_render_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_wav(tmp_path / "a.wav", 48_000):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def nearly_full_disk() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("nearly_full_disk")
def test_a_disk_that_fills_up_is_told_in_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(ProgramError, match=r"a\.wav cannot be written to its end; make room"),
        open_wav(tmp_path / "a.wav", 48_000) as wav,
    ):
        wav.write(np.zeros((48_000, 2), np.float32))
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"a\.wav cannot be written: No such file or directory"):
        open_wav(tmp_path / "gone" / "a.wav", 48_000).__enter__()
