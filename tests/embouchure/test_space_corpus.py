"""`space corpus`: what people have becomes what a space is trained on."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from embouchure.cli import main
from synth.training.corpus import read_corpus
from tests.embouchure.test_cli import Ran
from tests.synth.training.corpora.sounds import tone, write_tone
from tests.synth.training.corpora.tiny_soundfont import tiny_soundfont

Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["embouchure", "space", "corpus", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run_command


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    for pitch in (60, 62, 64):
        write_tone(tmp_path / f"notes/horn {pitch:03d}.wav", pitch)
    soundfile.write(tmp_path / "notes/silent.wav", np.zeros(9000), 22_050)
    return tmp_path / "notes"


def test_mixed_sources_become_one_corpus(run: Run, notes: Path, tmp_path: Path):
    melody = np.concatenate([tone(note, 48_000, 0.6) for note in (67, 71, 69)])
    soundfile.write(tmp_path / "my song.wav", melody, 48_000)
    font = tiny_soundfont(tmp_path / "tiny.sf2")
    sources = (notes, tmp_path / "my song.wav", font)
    ran = run(*sources, "-o", tmp_path / "corpus", "--licence", "CC0-1.0", "--preset", "odd")
    assert ran.code == 0, ran.err
    learned = [note for note in read_corpus(tmp_path / "corpus") if note.split == "train"]
    assert {note.name for note in learned} == {"horn", "my-song", "odd-sound"}
    assert "From notes, CC0-1.0." in ran.out
    assert "silent.wav: it is silent" in ran.out
    assert f"space train {tmp_path / 'corpus'} -o" in ran.out


def test_scripts_are_told_the_same(run: Run, notes: Path, tmp_path: Path):
    ran = run(notes, "--out", tmp_path / "corpus", "--name", "cellar", "--json")
    told = json.loads(ran.out)
    assert told["notes"] == {"train": 3, "valid": 0, "test": 0}
    assert told["dropped"] == [{"what": "silent.wav", "why": "it is silent"}]
    assert told["sources"][0]["name"] == "cellar"
    assert told["sources"][0]["licence"] == "not stated"


@pytest.mark.parametrize("name", ["gone.sf2", "notes.txt"])
def test_what_is_no_source_ends_in_one_sentence(run: Run, tmp_path: Path, name: str):
    (tmp_path / "notes.txt").write_text("no sounds")
    ran = run(tmp_path / name, "-o", tmp_path / "corpus")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert name in ran.err
    assert not (tmp_path / "corpus").exists()


def test_notes_that_are_left_out_for_one_reason_are_counted_together(
    run: Run, notes: Path, tmp_path: Path
):
    for name, pitch in (("C4", 63), ("D4", 66)):
        write_tone(notes / f"oboe {name}.wav", pitch)
    shown = run(notes, "-o", tmp_path / "corpus")
    assert "2 because it sounds at …, not at …" in shown.out
