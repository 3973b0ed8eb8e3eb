import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import soundfile

from embouchure.cli import main
from mapper.recorder import Recorder
from presets.store import load, save
from tests.embouchure.stage import Stage

COMMANDS = [
    ["play"],
    ["render"],
    ["gestures"],
    ["monitor"],
    ["devices"],
    ["controllers"],
    ["doctor"],
    ["bench"],
    ["presets", "list"],
    ["presets", "show"],
    ["calibrate", "hand"],
    ["hands", "list"],
    ["hands", "show"],
    ["hands", "remove"],
    ["explore", "new"],
    ["explore", "list"],
    ["explore", "show"],
    ["explore", "hear"],
    ["explore", "star"],
    ["explore", "unstar"],
    ["explore", "breed"],
    ["explore", "use"],
    ["space", "show"],
    ["space", "list"],
    ["space", "add"],
    ["space", "train"],
    ["space", "corpus"],
    ["space", "cache"],
    ["export", "sfz"],
    ["calibrate", "demo"],
    ["calibrate", "refine"],
    ["fit"],
    ["encode"],
    ["soloist"],
    ["targets", "list"],
    ["targets", "show"],
    ["targets", "remove"],
    ["targets", "draw"],
    ["targets", "export"],
    ["targets", "move"],
]


class Ran:
    """Exit code and both outputs of one run of the program."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["embouchure", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return run_command


@pytest.fixture
def performance(tmp_path: Path) -> Path:
    recorder = Recorder()
    recorder.record(0.0, 0, b"\x91\x45\x60")
    recorder.record(0.25, 0, b"\x81\x45\x40")
    recorder.export(tmp_path / "note.mid")
    return tmp_path / "note.mid"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_helps_with_an_example(run: Run, command: list[str]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert re.search(rf"Examples?: embouchure {' '.join(command)}", ran.out)


def test_the_version_is_the_installed_one(run: Run) -> None:
    assert run("--version").out == f"Embouchure {version('embouchure')}\n"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("sing", "no such command 'sing' (perhaps 'settings'); `embouchure --help`"),
        ("render", "missing argument 'performance'; `embouchure render --help`"),
        ("play --blocks 3", "no such option: --blocks; `embouchure play --help`"),
        (
            "play --rate 3",
            "invalid value for '--rate': it must be at least 22050; `embouchure play",
        ),
        (
            "play --rate x",
            "invalid value for '--rate': it must be a whole number; `embouchure play",
        ),
        ("play --strike-share 7", "invalid value for '--strike-share': it must be at most 1; "),
        ("play --mode brass", "invalid value for '--mode': 'brass' is not one of 'auto', 'mpe'"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(run: Run, line: str, wrong: str) -> None:
    ran = run(*line.split())
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"embouchure: {wrong}")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("group", "commands"),
    [("presets", "presets list, presets search, "), ("space", "space show, space list, ")],
)
def test_a_group_alone_says_in_one_line_what_it_has(run: Run, group: str, commands: str) -> None:
    ran = run(group)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"embouchure: {group} alone does nothing; choose {commands}")
    assert ran.err.count("\n") == 1


def test_presets_are_listed_for_scripts(run: Run) -> None:
    listed = json.loads(run("presets", "list", "--json").out)
    assert {"breath", "bow", "mallet", "pluck", "morph", "voice"} <= {one["name"] for one in listed}


def test_a_damaged_preset_hides_no_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presets.store.user_folder", lambda: tmp_path)
    holding(tmp_path / "broken.preset", b"PK")
    listed = {
        one["name"]: one["description"] for one in json.loads(run("presets", "list", "--json").out)
    }
    assert "cannot be opened" in listed["broken"]
    assert "flute" in listed["breath"]


def test_a_preset_is_shown_for_scripts(run: Run) -> None:
    assert json.loads(run("presets", "show", "bow", "--json").out)["name"] == "bow"


def test_the_space_is_shown_for_scripts(run: Run) -> None:
    assert json.loads(run("space", "show", "--json").out)["name"] == "fluid"


def test_no_figure_of_a_space_is_cut_where_there_is_little_room(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embouchure.output.console._width", 80)
    shown = run("space", "show").out
    evaluation = json.loads(run("space", "show", "--json").out)["evaluation"]
    assert "…" not in shown
    for figures in evaluation.values():
        assert f"{figures['mel_db']:.2f} ({figures['mel_db_low']:.2f}–" in shown


def test_gestures_are_printed_for_scripts(run: Run, performance: Path) -> None:
    (gesture,) = json.loads(run("gestures", performance, "--json").out)
    assert (gesture["note"], gesture["end_s"]) == (69, pytest.approx(0.25, abs=1e-3))


def test_gestures_are_printed_for_people(run: Run, performance: Path) -> None:
    assert "0.25 s" in run("gestures", performance).out


def test_controllers_are_listed_for_scripts(run: Run) -> None:
    listed = json.loads(run("controllers", "--json").out)
    assert {"seaboard", "osmose", "keyboard"} <= {one["word"] for one in listed}


def test_controllers_are_listed_for_people(run: Run) -> None:
    assert "osmose" in run("controllers").out


def test_every_choice_can_be_rendered(run: Run, performance: Path, tmp_path: Path) -> None:
    choices = ("--mono", "--slide", "relative", "--strike-share", "0.5", "--a4", "442")
    more = ("--zone-preset", "upper=bow", "--macro-cc", "1,2,3,4", "--controller", "Seaboard")
    ran = run("render", performance, tmp_path / "a.wav", "--tail", "0.1", *choices, *more)
    assert ran.code == 0


def test_devices_are_listed_for_scripts(run: Run) -> None:
    assert set(json.loads(run("devices", "--json").out)) == {"outputs", "inputs"}


def test_the_doctor_finds_no_fault_here(run: Run) -> None:
    ran = run("doctor", "--json")
    faults = [one for one in json.loads(ran.out) if one["verdict"] == "fault"]
    assert (ran.code, faults) == (0, [])


def test_render_writes_the_file_it_names(run: Run, performance: Path, tmp_path: Path) -> None:
    ran = run("render", performance, tmp_path / "a.wav", "--tail", "0.5")
    assert (ran.code, ran.out) == (0, f"Wrote {tmp_path / 'a.wav'}, 0.8 s.\n")
    assert (tmp_path / "a.wav").stat().st_size > 100_000


def test_a_captured_take_is_rendered_by_its_name(
    run: Run, performance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embouchure.folders.takes_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path.parent)
    ran = run("render", performance.stem, tmp_path / "a.wav", "--tail", "0.5")
    assert ran.code == 0
    assert ran.out.startswith("note was captured and has no journal: its MIDI file is played, by")


def test_a_journal_is_rendered_as_it_was_played(run: Run, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "a.journal", "pluck")
    stage.hear(0.01, b"\x91\x45\x60")
    heard = stage.end()
    ran = run("render", stage.path, tmp_path / "a.wav")
    assert (ran.code, ran.out) == (0, f"Wrote {tmp_path / 'a.wav'}, {len(heard) / 48_000:.1f} s.\n")
    sound, rate_hz = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate_hz == 48_000
    assert np.array_equal(sound, heard)


def test_a_journal_is_rendered_by_its_takes_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embouchure.folders.takes_folder", lambda: tmp_path)
    Stage(tmp_path / "my solo.journal", "pluck").end()
    assert run("render", "my solo", tmp_path / "a.wav").code == 0


def test_a_take_that_there_is_not_is_told_with_the_folder_of_those_there_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embouchure.folders.takes_folder", lambda: tmp_path)
    ran = run("render", "my solo", tmp_path / "a.wav")
    assert (ran.code, ran.err.endswith(f"or the name of a take in {tmp_path}\n")) == (1, True)


def test_a_wrong_choice_is_told_whether_or_not_there_is_a_sound_device(run: Run) -> None:
    ran = run("play", "--preset", "kazoo")
    assert (ran.code, ran.err.startswith("embouchure: there is no preset 'kazoo'")) == (1, True)
    assert "written to a file" not in ran.out


def truncated(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-20])
    return path


def holding(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def made_for_another_space(path: Path) -> Path:
    preset = load("breath")
    space = preset.card.space.model_copy(update={"sha256": "0" * 64})
    save(replace(preset, card=preset.card.model_copy(update={"space": space})), path)
    return path


BAD_INPUT = {
    "missing file": lambda at, note: ("render", at / "gone.mid", at / "a.wav"),
    "not a MIDI file": lambda at, note: ("render", holding(at / "x.mid", b"hello"), at / "a.wav"),
    "truncated file": lambda at, note: ("gestures", truncated(note)),
    "a place for no page": lambda at, note: ("play", "--port", "4881"),
    "a folder": lambda at, note: ("gestures", at),
    "unknown preset": lambda at, note: ("render", note, at / "a.wav", "--preset", "kazoo"),
    "damaged preset": lambda at, note: ("presets", "show", holding(at / "x.preset", b"PK")),
    "another space's preset": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--preset",
        made_for_another_space(at / "x.preset"),
    ),
    "unwritable output": lambda at, note: ("render", note, at / "gone" / "a.wav"),
    "an output that is no WAV": lambda at, note: ("render", note, note),
    "a journal of the first format": lambda at, note: (
        "render",
        holding(at / "x.journal", b"{}\n"),
        at / "a.wav",
    ),
    "a missing journal": lambda at, note: ("render", at / "gone.journal", at / "a.wav"),
    "a journal by another preset": lambda at, note: (
        "render",
        at / "x.journal",
        at / "a.wav",
        "--preset",
        "bow",
    ),
    "no such controller": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--controller",
        "theremin",
    ),
    "no such zone": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--zone-preset",
        "middle=bow",
    ),
    "two presets for a zone": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--zone-preset",
        "upper=bow",
        "--zone-preset",
        "upper=pluck",
    ),
    "no such take": lambda at, note: ("render", "2001-01-01 00.00.00", at / "a.wav"),
    "no such preset for a zone": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--zone-preset",
        "upper=kazoo",
    ),
    "controllers that are taken": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--macro-cc",
        "1,2,3,74",
    ),
    "too few controllers": lambda at, note: ("render", note, at / "a.wav", "--macro-cc", "1,x"),
    "no such scale": lambda at, note: ("render", note, at / "a.wav", "--tuning", at / "x.scl"),
    "a scale that is none": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--tuning",
        holding(at / "x.scl", b"x\n1\nfifth\n"),
    ),
    "no such keyboard map": lambda at, note: (
        "render",
        note,
        at / "a.wav",
        "--keyboard-map",
        at / "x.kbm",
    ),
    "a pitch that is none": lambda at, note: ("render", note, at / "a.wav", "--a4", "0"),
    "no pair of outputs": lambda at, note: ("play", "--channels", "left"),
    "missing space": lambda at, note: ("space", "show", at / "gone.safetensors"),
    "damaged space": lambda at, note: ("space", "show", holding(at / "x.safetensors", b"\0" * 99)),
    "no such sound device": lambda at, note: ("play", "--device", "no such device"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_in_one_sentence(
    run: Run, case: str, performance: Path, tmp_path: Path
) -> None:
    ran = run(*BAD_INPUT[case](tmp_path, performance))
    assert ran.code == 1
    assert ran.err.startswith("embouchure: ")
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "a.wav").exists()


def test_a_performance_is_never_overwritten_with_sound(run: Run, performance: Path) -> None:
    before = performance.read_bytes()
    assert "ends in .wav" in run("render", performance, performance).err
    assert performance.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_output_that_cannot_be_written_ends_in_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with suppress(OSError), Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        ran = run("presets", "list", "--json")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "No space left on device" in ran.err


def test_a_missing_corpus_is_named_in_one_sentence(run: Run, tmp_path: Path) -> None:
    ran = run("space", "train", tmp_path / "gone", "-o", tmp_path / "x")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"embouchure: {tmp_path / 'gone'} holds no notes to train on; ")


def test_a_damaged_factory_space_ends_in_one_sentence(
    run: Run, performance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spaces").mkdir()
    holding(tmp_path / "spaces" / "fluid.safetensors", b"damaged")
    monkeypatch.setattr("presets.spaces.files", lambda package: tmp_path)
    ran = run("render", performance, tmp_path / "a.wav")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "damaged or not a space" in ran.err
