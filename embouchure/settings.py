"""The settings: what the player chose once and for all, in one file that a person can read and edit."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from embouchure.errors import ProgramError, player_errors
from embouchure.folders import settings_path
from embouchure.osc.address import DEFAULT_RATE_HZ as DEFAULT_OSC_HZ
from embouchure.osc.address import Address
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ, usual_next_control
from mapper.complaint import Complaint, complaint
from mapper.profile import PROFILES
from mapper.stepping import TAKEN_CONTROLS
from mapper.whole_file import write_whole

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

MAX_BYTES: Final = 64 * 2**10
BEGINNING: Final = "# What Embouchure is started with; `embouchure settings` changes it too.\n"

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Control = Annotated[int, Field(ge=0, le=119)]
Output = Annotated[int, Field(ge=1, le=512)]


def _known(controller: str) -> str:
    if controller.lower() not in PROFILES:
        raise ValueError(controller)
    return controller


def _place(text: str) -> str:
    try:
        Address.parse(text)
    except ProgramError as error:
        raise ValueError(text) from error
    return text


def _next_control(chosen: dict[str, Any]) -> int | None:
    return usual_next_control((*chosen.get("macro_controls", ()), chosen.get("previous_control")))


Controller = Annotated[Line, AfterValidator(_known)]
Place = Annotated[Line, AfterValidator(_place)]


class Settings(BaseModel):
    """Everything that can be chosen, with what is chosen unless the player says otherwise.

    A description says what a value may be, to stand after "must be".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    preset: Line = Field(DEFAULT_PRESET, description="a preset's name on one line")
    device: Line | None = Field(None, description="a sound device's name, or a part of it")
    host_api: Line | None = Field(None, description="a host API's name, such as ALSA")
    channels: tuple[Output, Output] | None = Field(
        None, description="two outputs from 1 to 512, such as [3,4]"
    )
    rate_hz: int = Field(
        DEFAULT_RATE_HZ, ge=22_050, le=192_000, description="a whole number from 22050 to 192000"
    )
    midi: tuple[Line, ...] = Field(
        (), max_length=16, description='at most 16 ports\' names, such as ["LinnStrument"]'
    )
    controller: Controller | None = Field(
        None, description="a word that embouchure controllers lists, such as osmose"
    )
    mode: Literal["auto", "mpe", "one-channel", "channel-per-note"] = Field(
        "auto", description="auto, mpe, one-channel or channel-per-note"
    )
    hand: Line | None = Field(None, description="a measured hand's name, or none")
    cached: bool = Field(default=False, description="true or false")
    macro_controls: tuple[Control, Control, Control, Control] = Field(
        (1, 17, 18, 19), description="four controller numbers from 0 to 119, such as [20,21,22,23]"
    )
    previous_control: Control | None = Field(None, description="a controller number from 0 to 119")
    next_control: Control | None = Field(
        default_factory=_next_control, description="a controller number from 0 to 119"
    )
    osc_in: Place | None = Field(None, description="a port such as 9000, or host:port")
    osc_out: Place | None = Field(None, description="a port such as 9001, or host:port")
    osc_rate_hz: float = Field(DEFAULT_OSC_HZ, ge=1, le=500, description="a number from 1 to 500")
    through: Line | None = Field(None, description="a MIDI output's name, or a part of it")
    port: int = Field(4880, ge=0, le=65_535, description="a whole number from 0 to 65535")
    open_page: bool = Field(default=True, description="true or false")

    @model_validator(mode="after")
    def _each_controller_once(self) -> Self:
        steps = (self.next_control, self.previous_control)
        given = [*self.macro_controls, *(one for one in steps if one is not None)]
        if len(set(given)) < len(given) or TAKEN_CONTROLS & set(given):
            taken = ", ".join(map(str, sorted(TAKEN_CONTROLS)))
            raise ValueError(
                f"each controller can do one thing, and none of {taken} is free; choose others"
            )
        return self


OPTIONS: Final = {
    "preset": "preset",
    "device": "device",
    "host_api": "host_api",
    "channels": "channels",
    "rate_hz": "rate",
    "midi": "midi",
    "controller": "controller",
    "mode": "mode",
    "hand": "hand",
    "cached": "cached",
    "macro_controls": "macro_cc",
    "next_control": "next_cc",
    "previous_control": "previous_cc",
    "osc_in": "osc_in",
    "osc_out": "osc_out",
    "osc_rate_hz": "osc_rate",
    "through": "through",
    "port": "port",
}
"""The options of `embouchure play` by the settings that they override."""
OF_SERVE: Final = {"open_page": "open_page"}
OF_GUIDED: Final = ("device", "host_api", "midi", "controller", "mode", "hand")
"""What `embouchure calibrate` is played with as well: the same controller, device and hand."""
JOINED_BY: Final = {"channels": "-", "macro_controls": ","}
"""What stands between numbers where an option is one text."""


def _find_preset(name: str) -> None:
    from presets.catalogue import read_card_of

    read_card_of(name)


def _find_hand(name: str) -> None:
    from embouchure.hand_choice import HandChoice

    HandChoice(name)


FINDERS: Final[dict[str, Callable[[str], None]]] = {"preset": _find_preset, "hand": _find_hand}
"""By setting: what refuses the name of nothing that is on this computer.

Devices and controllers are none of these, as they come and go."""


def load_settings() -> Settings:
    """Read the settings; without a file they are the usual.

    Raises
    ------
    ProgramError
        When the file is damaged, or something in it is not allowed.
    """
    path = settings_path()
    fields = _read(path)
    try:
        return validated(fields)
    except ProgramError as error:
        raise ProgramError(f"{error}; mend {path}, or move it away") from None


def validated(fields: Mapping[str, Any]) -> Settings:
    """Check settings.

    Raises
    ------
    ProgramError
        When something is not allowed.
    """
    try:
        return Settings.model_validate(fields)
    except ValidationError as error:
        raise ProgramError(_refusal(complaint(error))) from None


def find_named(fields: Mapping[str, Any]) -> None:
    """Look for what some settings name.

    Raises
    ------
    PresetError, HandError
        When it is not there.
    """
    for name, find in FINDERS.items():
        if fields.get(name) is not None:
            find(fields[name])


def refuse_gone(fields: Mapping[str, Any]) -> None:
    """Say of what settings named once that it has gone since.

    Raises
    ------
    ProgramError
        When it has.
    """
    for name in FINDERS:
        try:
            find_named({name: fields.get(name)})
        except player_errors() as error:
            raise ProgramError(
                f"{error}; the settings name it: embouchure settings set {name} NAME changes that, "
                f"and embouchure settings unset {name} makes it the usual"
            ) from None


def _refusal(wrong: Complaint) -> str:
    if not wrong.place:
        return wrong.words()
    name = str(wrong.error["loc"][0])[:80]
    if name not in Settings.model_fields:
        return f"there is no setting {name!r}; there are {', '.join(Settings.model_fields)}"
    return f"the setting {name} must be {Settings.model_fields[name].description}"


def change_settings(**fields: Any) -> Settings:  # noqa: ANN401
    """Keep other values of some settings, None being the usual; remarks in the file stay.

    Raises
    ------
    ProgramError, PresetError, HandError
        When one is not allowed or names nothing there is, or the file cannot be read or written.
    """
    path = settings_path()
    chosen = {**_read(path), **fields}
    try:
        settings = validated({name: value for name, value in chosen.items() if value is not None})
    except ProgramError:
        load_settings()  # which names the file when it was wrong before
        raise
    document, values = _document(path), settings.model_dump(mode="json")
    find_named({name: values[name] for name, value in fields.items() if value is not None})
    for name, value in fields.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = values[name]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, document.as_string().encode())
    except OSError as error:
        raise ProgramError(
            f"the settings cannot be written to {path} ({error.strerror}); make room there"
        ) from None
    return settings


def option_defaults() -> dict[str, dict[str, Any]]:
    """Give what the settings say to each command, by its options' names."""
    if not settings_path().exists():
        return {}
    chosen = load_settings().model_dump(exclude_unset=True)
    play = {OPTIONS[name]: _text(name, value) for name, value in chosen.items() if name in OPTIONS}
    serve = {OF_SERVE[name]: value for name, value in chosen.items() if name in OF_SERVE}
    guided = {name: play[name] for name in OF_GUIDED if name in play}
    led = dict.fromkeys(("hand", "demo", "refine"), guided)
    return {"play": play, "serve": {**play, **serve}, "calibrate": led}


def _text(name: str, value: Any) -> Any:  # noqa: ANN401
    return JOINED_BY[name].join(map(str, value)) if value and name in JOINED_BY else value


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(MAX_BYTES).decode())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ProgramError(
            f"the settings cannot be read ({reason}); mend {path}, or move it away"
        ) from None


def _document(path: Path) -> "TOMLDocument":
    import tomlkit

    return (
        tomlkit.parse(path.read_text(encoding="utf-8"))
        if path.exists()
        else tomlkit.parse(BEGINNING)
    )
