import json
import sys
from pathlib import Path

import pytest

from calibration.demonstrations.take_store import TakeStore
from embouchure.cli import main
from embouchure.demo_session import own_name
from presets.exchange import export
from presets.library import open_bundle
from tests.calibration.test_pupil import takes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    store = TakeStore(tmp_path / "takes")
    for take in takes():
        store.keep(take)
    return store.folder


def fit(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["embouchure", "fit", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_takes_of_a_folder_become_a_preset_with_these_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit(monkeypatch, folder, "--preset", "breath", "--out", "mine", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["kept_as"] == "mine"
    assert answer["figures"]["error"] < answer["figures"]["error_before"]
    kept = open_bundle("mine")
    assert sum(name.endswith(".safetensors") for name in kept.sources) == len(takes())


def test_what_is_learned_of_a_presets_file_is_named_after_the_preset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    given = export("bow", tmp_path / "Sent by Ada.preset")
    assert own_name(str(given), None) == "bow-mine"
    assert own_name("bow", None) == "bow-mine"


def test_a_factory_presets_name_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit(monkeypatch, folder, "--preset", "breath", "--out", "bow") == 1
    assert "bow is a factory preset" in capsys.readouterr().err


def test_a_folder_without_takes_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit(monkeypatch, tmp_path, "--preset", "breath", "--out", "mine") == 1
    assert "there is no take in" in capsys.readouterr().err


def test_one_take_keeps_nothing_and_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, *_) = sorted(folder.glob("*.take"))
    assert fit(monkeypatch, first, "--preset", "breath", "--out", "mine") == 0
    assert "too few" in capsys.readouterr().out
