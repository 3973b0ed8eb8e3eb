"""`embouchure space add`: install a space, or teach one new sounds."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.output import console, progress_bar, say, speak_json

if TYPE_CHECKING:
    from synth.space import Source, Space
    from synth.training.adding.adding import Added
    from synth.training.adding.new_sound import NewSound

SECONDS_PER_MINUTE: Final = 60.0


WhatArgument = Annotated[
    list[Path],
    typer.Argument(
        help="A space's file to install, or sounds to teach: WAV, FLAC, OGG, or folders of these."
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="The file of the space with the sounds.")
]
TaughtOption = Annotated[
    str | None,
    typer.Option(
        "--space",
        help="The space to teach: its file or hash; without it the one that comes with the program.",
        show_default=False,
    ),
]
MinutesOption = Annotated[
    float, typer.Option(min=0.02, max=60, help="How long to learn, of one core.")
]


def add(
    what: WhatArgument,
    out: OutOption = None,
    space: TaughtOption = None,
    licence: Annotated[str | None, typer.Option(help="The sounds' licence.")] = None,
    minutes: MinutesOption = 3.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    preset: Annotated[bool, typer.Option(help="Make a preset of each sound.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Install a space, or teach one new sounds so that it keeps its own.

    A recording may hold one note, many, or a noise; of a folder every sound in it is taken. The
    result is another space, installed beside those there are, and a preset to play each sound with;
    it says how near it comes to them, and how little its old sounds have changed. Ctrl-C ends the learning sooner and keeps what is learned.

    Examples: embouchure space add mine.safetensors,
    embouchure space add voice.wav whale.ogg door.wav --licence CC0-1.0
    """
    from presets.spaces import named_space

    _refuse_missing(what)
    if all(map(_is_space, what)):
        _install(what, as_json=as_json)
        return
    if any(map(_is_space, what)):
        raise ProgramError("these are spaces and sounds; add the ones, then the others")
    files, base = _sound_files(what), named_space(space)
    place = _free_place(out, f"{base.card.name}-and-{what[0].resolve().stem}")
    taught = _taught(base, files, place, licence, minutes, seed, quiet=as_json)
    presets = [_preset(taught.space, name) for name in taught.names] if preset else []
    if as_json:
        speak_json(_for_scripts(taught, presets))
    else:
        _tell(taught, presets)


def _refuse_missing(paths: Sequence[Path]) -> None:
    from synth.space import SUFFIX

    for path in paths:
        if not path.exists():
            raise ProgramError(
                f"there is no file {path}; give WAV, FLAC or OGG files, or a space's {SUFFIX}"
            )


def _is_space(path: Path) -> bool:
    from synth.space import SUFFIX

    return path.suffix.lower() == SUFFIX


def _free_place(out: Path | None, usual: str) -> Path:
    """Choose where the space goes, and refuse that where it could not be written after all."""
    from synth.space import SUFFIX, check_place

    place = out or Path(usual + SUFFIX)
    if place.exists():
        raise ProgramError(f"{place} exists already; choose another file with --out")
    check_place(place)
    return place


def _sound_files(paths: Sequence[Path]) -> list[Path]:
    """List the recordings that are named, and those in folders that are, each once."""
    files: dict[Path, None] = {}
    for path in paths:
        files |= dict.fromkeys(_sounds_in(path) if path.is_dir() else [path])
    return list(files)


def _sounds_in(folder: Path) -> list[Path]:
    from synth.training.corpora.audio_file import is_audio

    found = sorted(path for path in folder.iterdir() if path.is_file() and is_audio(path))
    if not found:
        raise ProgramError(
            f"the folder {folder} holds no sounds; name one with WAV, FLAC or OGG files right in it"
        )
    return found


def _install(paths: Sequence[Path], *, as_json: bool) -> None:
    from presets.spaces import add_space

    added = [add_space(path) for path in paths]
    if as_json:
        told = [{"name": one.card.name, "sha256": one.sha256} for one in added]
        speak_json(told[0] if len(told) == 1 else told)
        return
    for one in added:
        say(f"Installed {one.card.name}, sha256 {one.sha256}.")


def _taught(
    base: "Space",
    paths: Sequence[Path],
    place: Path,
    licence: str | None,
    minutes: float,
    seed: int,
    *,
    quiet: bool,
) -> "Added":
    """Learn the sounds of all files, and install what comes of it."""
    from presets.spaces import add_space
    from synth.training.extras import how_to_install

    try:
        from synth.training.adding.adding import add_sounds
    except ModuleNotFoundError as error:
        raise ProgramError(
            f"teaching a space needs {error.name}, which is not installed; {how_to_install('train')}"
        ) from None
    with progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Listening", total=1.0)
        added = add_sounds(
            base,
            _heard(paths),
            [_source(path, base, licence) for path in paths],
            place,
            seconds=minutes * SECONDS_PER_MINUTE,
            seed=seed,
            report=lambda share, words: progress.update(
                task, completed=share, description=f"Learning: {words}"
            ),
        )
    add_space(place)
    return added


def _heard(paths: Sequence[Path]) -> "list[NewSound]":
    """Cut and analyse recordings, no two of which are called the same."""
    from calibration.targets.cutting import all_notes
    from presets.names import free_name
    from synth.training.adding.new_sound import hear_file, name_of

    names: list[str] = []
    for path in paths:
        names.append(free_name(name_of(path), names))
    return [
        note
        for path, name in zip(paths, names, strict=True)
        for note in hear_file(path, all_notes, name)
    ]


def _source(path: Path, base: "Space", licence: str | None) -> "Source":
    from synth.space import Source
    from synth.training.corpora.licences import NOT_STATED

    return Source(
        name=path.stem,
        licence=licence or NOT_STATED,
        provenance=[f"The recording {path.name}, added to {base.card.name}."],
    )


def _preset(space: "Space", instrument: str) -> str:
    """Make a preset of one of the new sounds and keep it."""
    from calibration.targets.recorded_instrument import notes_of_sound, preset_from
    from presets.matching import save_matched
    from presets.names import free_name
    from presets.store import names

    kept = free_name(instrument[:32].strip("-"), set(names()))
    with console.status(f"Making a preset of {instrument}"):
        about = f"The recorded sound {instrument}; slide from dull to bright."
        made = preset_from(space, notes_of_sound(space, instrument), kept, about)
        save_matched(made, space)
    return kept


def _for_scripts(added: "Added", presets: list[str]) -> dict[str, object]:
    return {
        "name": added.space.card.name,
        "sha256": added.space.sha256,
        "old_changed_db": round(added.old_changed_db, 4),
        "sounds": [vars(one) for one in added.improvements],
        "presets": presets,
    }


def _tell(added: "Added", presets: list[str]) -> None:
    for one in added.improvements:
        notes = "1 note" if one.n_notes == 1 else f"{one.n_notes} notes"
        say(
            f"{one.name}, {notes}: within {one.after_db:.1f} dB of the recording, "
            f"{one.before_db:.1f} dB before."
        )
    say(f"The old sounds changed by {added.old_changed_db:.2f} dB.")
    say(f"Installed {added.space.card.name}, sha256 {added.space.sha256}.")
    for name in presets:
        say(f"Play it: embouchure play --preset {name}")


COMMANDS: Final[dict[str, Callable[..., None]]] = {"add": add}
