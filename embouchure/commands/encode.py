"""`embouchure encode`: a recording as targets to imitate."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embouchure.commands.options import JsonOption, SpaceOption
from embouchure.errors import ProgramError
from embouchure.output import console, progress_bar, say, speak_json

if TYPE_CHECKING:
    from calibration.targets.recording import HeardPhrase
    from calibration.targets.target import Target
    from synth.space import Space

FIRST_NAME = "recording"
NAME_LENGTH = 24
FAR_DB = 9.0

NameOption = Annotated[
    str | None,
    typer.Option(help="What to call the target; without it as the file.", show_default=False),
]
LikeOption = Annotated[
    str | None,
    typer.Option(
        help="The preset or instrument whose dull and bright ends tell its brightness; "
        "without it the one that sounds most alike.",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        help="Write the target to this file instead of keeping it by its name, and make no preset."
    ),
]


def encode(
    sound: Annotated[
        Path,
        typer.Argument(
            help="A WAV, FLAC or OGG file of one voice, one instrument or one noise alone."
        ),
    ],
    name: NameOption = None,
    like: LikeOption = None,
    out: OutOption = None,
    wav: Annotated[
        Path | None, typer.Option(help="Also write how the space says it, a WAV file.")
    ] = None,
    preset: Annotated[
        bool, typer.Option(help="Make a preset of the sound, to play it at once.")
    ] = True,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn any sound into targets, the whole phrase and each of its notes, and into a preset.

    It says what it heard, and how near the space comes to it; a sound without a pitch becomes a
    noise to play. Longer recordings become a target for each phrase; Ctrl-C keeps those that are
    done.

    Example: embouchure encode trumpet-solo.ogg --wav heard.wav
    """
    from presets.spaces import named_space

    own_name = _own_name(sound, name)
    if wav:
        _refuse_place(wav)
    world = named_space(space)
    played: list[Target] = []
    said: list[dict[str, object]] = []
    for number, phrase in enumerate(_heard(sound, world, own_name, like, quiet=as_json), start=1):
        played += phrase.played
        said.append(_kept(phrase, world, number, out, wav))
        if not as_json:
            say(_sentence(said[-1]))
    made = _preset(world, played, own_name) if preset and not out else None
    if as_json:
        speak_json({"space": world.card.name, "phrases": said, "preset": made})
        return
    if max(float(str(one["distance_db"])) for one in said) > FAR_DB:
        say(f"The space could come nearer if it learned it: embouchure space add {sound}")
    if made:
        say(f"Play it: embouchure play --preset {made}")


def _own_name(sound: Path, name: str | None) -> str:
    from calibration.targets.target_store import refuse_built_in

    own_name = name or slug(sound.stem)
    if slug(own_name) != own_name:
        raise ProgramError(
            f"{own_name!r} cannot name a target; use up to {NAME_LENGTH} small letters, digits and "
            f"dashes, such as {slug(own_name)}"
        )
    refuse_built_in(own_name)
    return own_name


def _refuse_place(wav: Path) -> None:
    from embouchure.rendering import check_wav

    check_wav(wav)


def _heard(
    sound: Path, space: "Space", name: str, like: str | None, *, quiet: bool
) -> Iterator["HeardPhrase"]:
    """Yield what is heard in a recording, and show how far it has come."""
    from calibration.targets.recording import hear
    from calibration.targets.sound_file import read_recording

    audio = read_recording(sound)
    with progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Listening", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield from hear(audio, space, name, like, show)


def _preset(space: "Space", played: "list[Target]", name: str) -> str:
    """Make a preset of what was heard and keep it."""
    from calibration.targets.recorded_instrument import notes_of_targets, preset_from
    from presets.matching import save_matched
    from presets.names import free_name
    from presets.store import names

    kept = free_name(name, set(names()))
    with console.status("Making a preset of it"):
        about = f"The recorded sound {name}; slide from dull to bright."
        save_matched(preset_from(space, notes_of_targets(space, played), kept, about), space)
    return kept


def slug(text: str) -> str:
    """Make a name of a file's: small letters, digits and dashes.

    >>> slug("My Solo (take 2)")
    'my-solo-take-2'
    """
    return (
        re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:NAME_LENGTH].strip("-") or FIRST_NAME
    )


def _kept(
    phrase: "HeardPhrase", space: "Space", number: int, out: Path | None, wav: Path | None
) -> dict[str, object]:
    """Keep a phrase's targets and say what they are."""
    from calibration.targets.note_names import note_name
    from calibration.targets.target import save
    from calibration.targets.target_store import keep

    if out:
        kept = [_numbered(out, number)]
        save(phrase.target, kept[0])
    else:
        kept = [keep(target) for target in phrase.targets]
    if wav:
        _write(_numbered(wav, number), phrase, space)
    pitches = phrase.pitches or (phrase.target.note,)
    low, high = min(pitches), max(pitches)
    return {
        "target": phrase.target.name,
        "files": [str(path) for path in kept],
        "start_s": round(phrase.start_s, 3),
        "length_s": phrase.target.length_s,
        "n_notes": len(phrase.notes),
        "lowest_note": round(low, 2),
        "highest_note": round(high, 2),
        "lowest": note_name(low),
        "highest": note_name(high),
        "like": phrase.like,
        "distance_db": round(phrase.distance_db, 2),
    }


def _sentence(said: dict[str, object]) -> str:
    n_notes = said["n_notes"]
    notes = "1 note" if n_notes == 1 else f"{n_notes} notes"
    notes += f" in {said['length_s']:.1f} s, {said['lowest']} to {said['highest']}"
    if n_notes == 0:
        notes = f"a noise of {said['length_s']:.1f} s, as it is at {said['lowest']}"
    return (
        f"{said['target']}: {notes}, most like {said['like']}; the space comes within "
        f"{said['distance_db']:.1f} dB of it."
    )


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


def _write(path: Path, phrase: "HeardPhrase", space: "Space") -> None:
    from calibration.targets.audition import RATE_HZ, sound_of
    from embouchure.rendering import open_wav

    with open_wav(path, RATE_HZ) as file:
        file.write(sound_of(phrase.target, space))
