"""What encoding a recording must give."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from synth.analysis.distance import mel_distance_db
from synth.analysis.frames import RATE_HZ, frame_times_s, n_frames_within
from synth.analysis.note import Analysis, analyse, find_onset
from synth.controls import CODE_SIZE
from synth.encoder import CODE_RATE_HZ, N_INPUTS, Encoding, encode_analysis, run_encoder
from synth.space import Space
from synth.training.decode import decode_path
from synth.training.model import Autoencoder
from synth.training.render import render

NOTES = Path(__file__).parent / "notes"
SPACE = Path(__file__).parents[2] / "synth/spaces/fluid.safetensors"
UNHEARD = [("trumpet-72", 72), ("viola-70", 70)]


@pytest.fixture(scope="module")
def space():
    return Space.load(SPACE)


def recorded(name: str):
    return soundfile.read(NOTES / f"{name}.flac")


def encode(space: Space, audio: np.ndarray, rate_hz: int, note: float) -> Encoding:
    return encode_analysis(space, analyse(audio, rate_hz, note))


def decoded(space: Space, encoding: Encoding) -> Analysis:
    """Decode a path with its own loudness and pitch."""
    n_frames = n_frames_within(round(len(encoding.codes) * RATE_HZ / CODE_RATE_HZ))
    at, steps = frame_times_s(n_frames) * CODE_RATE_HZ, np.arange(len(encoding.codes))
    frames = Analysis(
        controls=np.empty((n_frames, 0), np.float32),
        loudness_db=np.interp(at, steps, encoding.loudness_db).astype(np.float32),
        note=np.interp(at, steps, encoding.note).astype(np.float32),
    )
    return decode_path(space, encoding.codes, frames)


@pytest.mark.parametrize("n_frames", [1, 2, 3, 7, 160])
def test_the_plain_encoder_equals_the_trained_one(n_frames: int):
    torch.manual_seed(1)
    encoder = Autoencoder().encoder.eval()
    arrays = {f"encoder.{key}": value.numpy() for key, value in encoder.state_dict().items()}
    inputs = np.random.default_rng(0).standard_normal((n_frames, N_INPUTS)).astype(np.float32)
    plain = run_encoder(arrays, inputs)
    padded, present = torch.zeros(1, 4 * len(plain), N_INPUTS), torch.zeros(1, 4 * len(plain))
    padded[0, 2 : 2 + n_frames], present[0, 2 : 2 + n_frames] = torch.from_numpy(inputs), 1
    with torch.no_grad():
        trained = encoder(padded, present)[0].numpy()
    assert plain == pytest.approx(trained, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("name", "note"), UNHEARD)
def test_an_unheard_note_comes_back_nearer_than_the_mean_instrument(
    space: Space, name: str, note: float
):
    audio, rate_hz = recorded(name)
    true = audio[find_onset(audio) :]
    encoding = encode(space, audio, rate_hz, note)
    returned = render(decoded(space, encoding))
    same_pitch = [i for i, sound in enumerate(space.card.sounds) if abs(sound.note - note) < 6]
    mean = encoding._replace(
        codes=np.tile(space.codes[same_pitch, 10].mean(axis=0), (len(encoding.codes), 1))
    )
    baseline = render(decoded(space, mean))
    assert mel_distance_db(true, returned)[0] < mel_distance_db(true, baseline)[0]


def test_codes_come_every_16_ms_with_loudness_and_pitch(space: Space):
    audio, rate_hz = recorded("trumpet-72")
    encoding = encode(space, audio, rate_hz, 72)
    n_codes = len(encoding.codes)
    assert encoding.codes.shape == (n_codes, CODE_SIZE)
    assert len(encoding.loudness_db) == len(encoding.note) == n_codes
    seconds = (len(audio) - find_onset(audio)) / rate_hz
    assert n_codes / CODE_RATE_HZ == pytest.approx(seconds, abs=2 / CODE_RATE_HZ)
    assert np.median(encoding.note) == pytest.approx(72, abs=0.2)


def test_a_recording_at_44_1_khz_has_the_same_path(space: Space):
    from scipy.signal import resample_poly

    audio, rate_hz = recorded("trumpet-72")
    other = encode(space, resample_poly(audio, 147, 160), 44_100, 72)
    codes = encode(space, audio, rate_hz, 72).codes
    n_codes = min(len(codes), len(other.codes))
    apart = np.abs(codes[:n_codes] - other.codes[:n_codes])
    assert np.median(apart) < 0.15


def test_a_space_without_encoder_says_so(space: Space):
    arrays = {n: array for n, array in space.arrays.items() if not n.startswith("encoder.")}
    with pytest.raises(ValueError, match="cannot encode"):
        encode(Space(space.card, arrays), np.ones(48_000), 48_000, 60)


def test_encoding_needs_no_training_code():
    script = "import synth.encoder, sys; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"torch", "sklearn", "joblib", "librosa", "rich"} & set(loaded.stdout.split())
