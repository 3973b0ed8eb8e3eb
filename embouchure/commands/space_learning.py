"""`embouchure space add`: install a space, or teach one new sounds."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.output import console, progress_bar, say, speak_json

if TYPE_CHECKING:
    from synth.space import Space
    from synth.training.adding.adding import Added
    from synth.training.adding.new_sound import NewSound

SPACE_SUFFIX: Final = ".safetensors"
SECONDS_PER_MINUTE: Final = 60.0


def add(
    what: Annotated[
        list[Path],
        typer.Argument(help="A space's file to install, or sounds to teach: WAV, FLAC, OGG."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file of the space with the sounds.")
    ] = None,
    space: Annotated[
        str | None,
        typer.Option(
            help="The space to teach: its file or hash; without it the one that comes with the "
            "program.",
            show_default=False,
        ),
    ] = None,
    licence: Annotated[str | None, typer.Option(help="The sounds' licence.")] = None,
    minutes: Annotated[
        float, typer.Option(min=0.02, max=60, help="How long to learn, of one core.")
    ] = 3.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    preset: Annotated[bool, typer.Option(help="Make a preset of each sound.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Install a space, or teach one new sounds so that it keeps its own.

    A recording may hold one note, many, or a noise. The result is another space, installed beside
    those there are, and a preset to play each sound with; it says how near it comes to them, and
    how little its old sounds have changed. Ctrl-C ends the learning sooner and keeps what is learned.

    Examples: embouchure space add mine.safetensors,
    embouchure space add voice.wav whale.ogg door.wav --licence CC0-1.0
    """
    _refuse_missing(what)
    if all(path.suffix == SPACE_SUFFIX for path in what):
        _install(what, as_json=as_json)
        return
    if any(path.suffix == SPACE_SUFFIX for path in what):
        raise ProgramError("these are spaces and sounds; add the ones, then the others")
    taught = _taught(what, space, out, licence, minutes, seed, quiet=as_json)
    presets = [_preset(taught.space, name) for name in taught.names] if preset else []
    if as_json:
        speak_json(_for_scripts(taught, presets))
    else:
        _tell(taught, presets)


def _refuse_missing(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise ProgramError(
                f"there is no file {path}; give WAV, FLAC or OGG files, or a space's {SPACE_SUFFIX}"
            )


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
    paths: Sequence[Path],
    named: str | None,
    out: Path | None,
    licence: str | None,
    minutes: float,
    seed: int,
    *,
    quiet: bool,
) -> "Added":
    """Learn the sounds of all files, and install what comes of it."""
    from presets.spaces import add_space, factory_space, named_space
    from synth.space import Source
    from synth.training.corpora.licences import NOT_STATED

    try:
        from synth.training.adding.adding import add_sounds
    except ModuleNotFoundError as error:
        raise ProgramError(
            f'teaching a space needs {error.name}; run: pip install "embouchure[train]"'
        ) from None
    taught = named_space(named) if named else factory_space()
    place = out or Path(f"{taught.card.name}-and-{paths[0].stem}{SPACE_SUFFIX}")
    if place.exists():
        raise ProgramError(f"{place} exists already; choose another file with --out")
    with progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Listening", total=1.0)
        sounds = [note for path in paths for note in _heard(path)]
        sources = [
            Source(
                name=path.stem,
                licence=licence or NOT_STATED,
                provenance=[f"The recording {path.name}, added to {taught.card.name}."],
            )
            for path in paths
        ]
        added = add_sounds(
            taught,
            sounds,
            sources,
            place,
            seconds=minutes * SECONDS_PER_MINUTE,
            seed=seed,
            report=lambda share, words: progress.update(
                task, completed=share, description=f"Learning: {words}"
            ),
        )
    add_space(place)
    return added


def _heard(path: Path) -> "list[NewSound]":
    from calibration.targets.cutting import all_notes
    from synth.training.adding.new_sound import hear_file

    return hear_file(path, all_notes)


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
