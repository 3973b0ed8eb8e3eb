"""Settings: one file, whose remarks stay, and from which nothing wrong is ever taken."""

import inspect
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from embouchure import cli
from embouchure.commands.play import play
from embouchure.errors import ProgramError
from embouchure.examination import Verdict, _settings
from embouchure.folders import settings_path
from embouchure.play_settings import PlaySettings
from embouchure.settings import (
    FINDERS,
    OPTIONS,
    Settings,
    change_settings,
    load_settings,
    option_defaults,
    validated,
)
from mapper.faders import MACRO_CONTROLS
from mapper.hand import HandError
from presets.refusal import PresetError


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def write(text: str) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(text)


def test_without_a_file_everything_is_as_usual():
    assert load_settings() == Settings()
    assert option_defaults() == {}


def test_a_change_is_kept_beside_the_players_own_remarks():
    write('# for the stage\ndevice = "scarlett" # the red one\n')
    change_settings(preset="bow", macro_controls=[20, 21, 22, 23])
    assert load_settings() == Settings(
        device="scarlett", preset="bow", macro_controls=(20, 21, 22, 23)
    )
    assert "# for the stage" in settings_path().read_text()
    assert "# the red one" in settings_path().read_text()


def test_what_is_unset_is_as_usual_again():
    change_settings(device="scarlett", cached=True)
    change_settings(device=None)
    assert load_settings() == Settings(cached=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"volume": 3}, "there is no setting 'volume'; there are preset, device"),
        ({"port": 70_000}, "port must be a whole number from 0 to 65535"),
        ({"preset": "two\nlines"}, "the setting preset must be a preset's name"),
        ({"macro_controls": [1, 17, 18]}, "macro_controls must be four controller numbers"),
        ({"macro_controls": [1, 17, 18, 74]}, "each controller can do one thing"),
        ({"next_control": 17}, "each controller can do one thing"),
        ({"controller": "theremin"}, "controller must be a word that embouchure controllers lists"),
        ({"osc_in": "here"}, "osc_in must be a port such as 9000"),
        ({"osc_out": "box:0"}, "osc_out must be a port such as 9001"),
        ({"device": {"a": [None]}}, "the setting device must be a sound device's name"),
    ],
)
def test_what_is_not_allowed_is_refused_and_nothing_is_written(
    fields: dict[str, object], words: str
):
    change_settings(preset="bow")
    before = settings_path().read_text()
    with pytest.raises(ProgramError, match=words):
        change_settings(**fields)
    assert settings_path().read_text() == before


def test_a_number_is_a_name_where_a_name_is_meant():
    assert change_settings(osc_in=9000).osc_in == "9000"


def test_the_usual_is_what_the_options_have_without_settings():
    options = inspect.signature(play).parameters
    usual = {name: field.default for name, field in Settings.model_fields.items()}
    given = {name: options[option].default for name, option in OPTIONS.items()}
    assert usual["macro_controls"] == MACRO_CONTROLS
    assert {name: one for name, one in given.items() if one is not None} == {
        name: usual[name] for name, one in given.items() if one is not None
    }


def test_every_setting_says_what_it_may_be():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("text", ["preset = ", "\x00", "a" * 100_000, "[" * 5000, "mode = 'loud'"])
def test_a_damaged_file_is_told_in_one_sentence(text: str):
    write(text)
    with pytest.raises(ProgramError, match="setting"):
        load_settings()


@pytest.mark.parametrize("text", ["volume = 3\n", "mode = 'loud'\n", "mode = "])
def test_what_is_wrong_in_the_file_is_told_with_the_files_name(text: str):
    write(text)
    with pytest.raises(ProgramError, match="; mend .*settings.toml, or move it away"):
        change_settings(preset="bow")
    assert settings_path().read_text() == text


def test_a_setting_that_is_wrong_in_the_file_can_be_changed():
    write("mode = 'loud'\n")
    assert change_settings(mode="mpe").mode == "mpe"


@pytest.mark.parametrize("line", ["--help", "takes list", "presets --help"])
def test_a_damaged_file_stops_no_command_that_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, line: str
):
    write("volume = 3\n")
    monkeypatch.setattr(sys, "argv", ["embouchure", *line.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code


def test_the_doctor_finds_fault_with_a_damaged_file():
    write("volume = 3\n")
    assert _settings().verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("fields", "refusal", "words"),
    [
        ({"preset": "bwo"}, PresetError, r"no preset 'bwo' \(perhaps 'bow'\); choose one of blaze"),
        ({"preset": "gone.preset"}, PresetError, "the preset gone.preset cannot be opened"),
        ({"hand": "nobody"}, HandError, "no hand 'nobody'; measure one with embouchure calibrate"),
    ],
)
def test_a_name_of_nothing_there_is_is_refused_and_nothing_is_written(
    fields: dict[str, str], refusal: type[Exception], words: str
):
    with pytest.raises(refusal, match=words):
        change_settings(**fields)
    assert not settings_path().exists()


def test_no_hand_at_all_can_be_chosen():
    assert change_settings(hand="none").hand == "none"


STALE = ["preset = 'gone'\n", "hand = 'nobody'\n"]


@pytest.mark.parametrize("text", STALE)
def test_a_name_that_has_gone_is_said_to_come_from_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
):
    write(text)
    monkeypatch.setattr(sys, "argv", ["embouchure", "play"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (1, 1)
    assert f"the settings name it: embouchure settings set {text.split()[0]} NAME" in said


@pytest.mark.parametrize("text", STALE)
def test_a_name_that_has_gone_does_not_keep_a_page_from_being_served(
    monkeypatch: pytest.MonkeyPatch, text: str
):
    write(text)
    served: list[PlaySettings] = []
    monkeypatch.setattr("embouchure.commands.play._play", lambda one, *_, **__: served.append(one))
    monkeypatch.setattr(sys, "argv", ["embouchure", "serve"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert text.split("'")[1] in (served[0].preset, served[0].wishes.hand)


@pytest.mark.parametrize("text", STALE)
def test_the_doctor_finds_fault_with_a_name_that_has_gone(text: str):
    write(text)
    assert _settings().verdict is Verdict.FAULT


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    fields=st.dictionaries(
        st.sampled_from(sorted({*Settings.model_fields} - {*FINDERS})), json_values
    )
)
@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_whatever_is_allowed_is_read_back_as_it_was(fields: dict[str, object]):
    chosen = {name: value for name, value in fields.items() if value is not None}
    try:
        wanted = validated(chosen)
    except ProgramError:
        return
    settings_path().unlink(missing_ok=True)
    assert change_settings(**chosen) == wanted
    assert load_settings() == wanted


def test_options_say_otherwise_and_settings_say_the_rest():
    change_settings(preset="bow", midi=["LinnStrument"], channels=[3, 4], open_page=False)
    defaults = option_defaults()
    assert defaults["play"] == {"preset": "bow", "midi": ("LinnStrument",), "channels": "3-4"}
    assert defaults["serve"]["open_page"] is False
    assert cli._chosen(["play"]) == defaults
    assert cli._chosen(["render", "solo.mid"]) == {}


def test_a_calibration_is_played_with_what_is_played_with():
    change_settings(preset="bow", device="scarlett", hand="none", rate_hz=44_100)
    told = cli._chosen(["calibrate", "demo", "breath"])["calibrate"]
    wanted = {"device": "scarlett", "hand": "none"}
    assert told == {"hand": wanted, "demo": wanted, "refine": wanted}


def test_settings_can_be_shown_and_changed_by_commands():
    run = CliRunner()
    assert (
        run.invoke(cli.app, ["settings", "set", "macro_controls", "[20,21,22,23]"]).exit_code == 0
    )
    shown = json.loads(run.invoke(cli.app, ["settings", "show", "--json"]).output)
    assert shown["macro_controls"] == [20, 21, 22, 23]
    run.invoke(cli.app, ["settings", "unset", "macro_controls"])
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", ["[usb] card", "card [/dev/snd]", "card :cat:"])
def test_a_name_is_shown_as_it_is(name: str):
    run = CliRunner()
    run.invoke(cli.app, ["settings", "set", "device", name])
    assert name in run.invoke(cli.app, ["settings", "show"]).output
