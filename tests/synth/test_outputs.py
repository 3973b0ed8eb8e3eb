"""Sound outputs: how they are listed and chosen."""

import sys

import pytest
import sounddevice

from synth.outputs import (
    DeviceError,
    Output,
    Place,
    fall_backs,
    find_outputs,
    list_outputs,
    playable_rate_hz,
    with_channels,
)
from tests.synth.device import output

APIS = ["MME", "JACK Audio Connection Kit", "ALSA"]
DEVICES = [
    ("Speakers", "MME", 2),
    ("hw:0", "ALSA", 2),
    ("default", "ALSA", 32),
    ("mono", "ALSA", 1),
    ("microphone", "ALSA", 0),
    ("system", "JACK Audio Connection Kit", 8),
    ("recorder", "JACK Audio Connection Kit", 2),
]


OWN_RATE_HZ = 48_000.0
DEFAULTS = ("system", "default")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with the devices of the table."""
    devices = [
        {
            "index": i,
            "name": name,
            "hostapi": APIS.index(api),
            "max_output_channels": n_channels,
            "default_samplerate": OWN_RATE_HZ,
        }
        for i, (name, api, n_channels) in enumerate(DEVICES)
    ]
    defaults = {APIS.index(api): i for i, (name, api, _) in enumerate(DEVICES) if name in DEFAULTS}
    apis = [
        {"name": name, "default_output_device": defaults.get(i, -1)} for i, name in enumerate(APIS)
    ]
    monkeypatch.setattr(sounddevice, "query_devices", lambda: devices)
    monkeypatch.setattr(sounddevice, "query_hostapis", lambda: apis)


def names(outputs: list[Output]) -> list[str]:
    return [output.name for output in outputs]


@pytest.mark.usefixtures("machine")
def test_outputs_are_listed_quickest_host_api_first_and_its_default_first():
    assert names(list_outputs()) == ["system", "recorder", "default", "hw:0", "Speakers"]


@pytest.mark.usefixtures("machine")
def test_outputs_without_two_channels_are_left_out():
    assert {"mono", "microphone"}.isdisjoint(names(list_outputs()))


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("name", "host_api", "found"),
    [
        (None, None, ["system", "default", "hw:0", "Speakers"]),
        ("HW", None, ["hw:0"]),
        ("rec", None, ["recorder"]),
        (None, "alsa", ["default", "hw:0"]),
        ("e", "mme", ["Speakers"]),
    ],
)
def test_an_output_is_found_by_parts_of_its_name_and_host_api(
    name: str | None, host_api: str | None, found: list[str]
):
    assert names(find_outputs(name, host_api)) == found


@pytest.mark.usefixtures("machine")
def test_an_output_that_refuses_the_rate_is_played_at_its_own(monkeypatch: pytest.MonkeyPatch):
    def check(*, samplerate: float, **_: object) -> None:
        if samplerate != 44_100.0:
            raise sounddevice.PortAudioError("Invalid sample rate")

    monkeypatch.setattr(sounddevice, "check_output_settings", check)
    output = find_outputs(None, None)[0]
    assert playable_rate_hz(output, 44_100.0) == 44_100.0
    assert playable_rate_hz(output, 96_000.0) == OWN_RATE_HZ


HOME = Place("hw:0", "ALSA")


@pytest.mark.usefixtures("machine")
def test_the_fall_backs_are_the_lost_device_then_those_that_fit_then_the_others():
    assert names(fall_backs(None, "MME", HOME)) == ["hw:0", "Speakers", "system", "default"]


@pytest.mark.usefixtures("machine")
def test_a_device_that_lately_asked_for_no_sound_is_the_last_to_fall_back_on():
    assert names(fall_backs(None, None, HOME, {HOME})) == ["system", "default", "Speakers", "hw:0"]


@pytest.mark.usefixtures("machine")
def test_a_lost_device_is_found_again_even_if_nobody_would_choose_it():
    assert names(fall_backs(None, None, Place("recorder", APIS[1])))[0] == "recorder"


def test_without_any_device_there_is_no_fall_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sounddevice, "query_devices", list)
    with pytest.raises(DeviceError, match="there is no sound output now"):
        fall_backs(None, None, HOME)


@pytest.mark.usefixtures("machine")
def test_an_output_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DeviceError) as refused:
        find_outputs("Kazoo", "JACK")
    assert str(refused.value) == (
        "there is no sound output 'Kazoo' on 'JACK'; choose one of: system (JACK Audio Connection"
        " Kit), recorder (JACK Audio Connection Kit), default (ALSA), hw:0 (ALSA), Speakers (MME)"
    )


def test_a_machine_without_outputs_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sounddevice, "query_devices", list)
    with pytest.raises(DeviceError, match="no sound output .*; connect one or start a JACK server"):
        find_outputs(None, None)


def test_without_portaudio_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    monkeypatch.setattr("importlib.machinery.SourceFileLoader.exec_module", broken)
    with pytest.raises(DeviceError, match="apt-get install libportaudio2"):
        list_outputs()


def test_a_portaudio_that_does_not_start_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    class PortAudioError(Exception):
        pass

    def broken(*_: object, **__: object) -> None:
        raise PortAudioError("Error initializing PortAudio: Unanticipated host error")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr("importlib.machinery.SourceFileLoader.exec_module", broken)
    with pytest.raises(DeviceError, match=r"PortAudio does not start \(Unanticipated host error\)"):
        list_outputs()


def test_outputs_without_the_pair_are_left_out():
    small, large = output(2, "small"), output(8, "large")
    assert with_channels([small, large], (5, 6)) == [large]


def test_a_pair_that_no_output_has_is_refused_with_what_there_is():
    with pytest.raises(DeviceError) as refused:
        with_channels([output(2, "small"), output(4, "large")], (5, 6))
    assert str(refused.value) == (
        "no sound output that fits has channels 5 and 6; "
        "choose two of the 4 of large, or another output"
    )


@pytest.mark.parametrize("pair", [(0, 1), (3, 3), (-1, 2)])
def test_two_channels_that_are_no_pair_are_refused(pair: tuple[int, int]):
    with pytest.raises(DeviceError, match="are no pair; choose two, counted from 1"):
        with_channels([output()], pair)
