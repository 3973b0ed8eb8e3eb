"""The sound follows the hand: pitch by glide, level by press, brightness by slide."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pytest

from mapper.recorder import Recorder

pytestmark = pytest.mark.long

SCRIPT = Path(__file__).parents[2] / "scripts" / "follow.py"
SUSTAINED = ("breath", "bow", "morph", "voice")
MESSAGE_S = 0.008


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("follow", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _move(channel: int, into_s: float) -> list[bytes]:
    """Vibrato on glide, a swell on press and a slower wave on slide."""
    bend = 8192 + round(8192 / 48 * 0.4 * math.sin(2 * math.pi * 5.5 * into_s))
    press = round(75 - 50 * math.cos(2 * math.pi * 0.9 * into_s))
    slide = round(64 - 60 * math.cos(2 * math.pi * 0.55 * into_s))
    return [
        bytes((0xE0 | channel, bend & 0x7F, bend >> 7)),
        bytes((0xD0 | channel, press)),
        bytes((0xB0 | channel, 74, slide)),
    ]


def _phrase(note: int, path: Path) -> Path:
    """Write three long touches of one key at a LinnStrument's rate, as a MIDI file."""
    recorder = Recorder(start_s=0.0)
    for place in range(3):
        channel, start_s = 1 + place, 0.1 + 2.2 * place
        for data in _move(channel, 0.0):
            recorder.record(start_s, 0, data)
        recorder.record(start_s, 0, bytes((0x90 | channel, note, 70)))
        for k in range(1, round(2.0 / MESSAGE_S)):
            for data in _move(channel, k * MESSAGE_S):
                recorder.record(start_s + k * MESSAGE_S, 0, data)
        recorder.record(start_s + 2.0, 0, bytes((0x80 | channel, note, 90)))
    recorder.export(path)
    return path


@pytest.mark.parametrize("preset", SUSTAINED)
@pytest.mark.parametrize("note", [60, 67, 74])
def test_a_sustained_preset_follows_the_hand(preset: str, note: int, tmp_path: Path):
    follow = _script()
    phrase = _phrase(note, tmp_path / "phrase.mid")
    row = follow.following(follow.play(phrase, preset), follow.gestures_of(phrase))
    assert row.pitch_cents <= 5.0
    assert row.press_rank >= 0.9
    assert row.slide_rank >= 0.9
