"""`embouchure space mix`, `move`, `analogy`, `near`, `map`, `axes` and `sounds`: moving in the space."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table

from embouchure.commands.options import JsonOption, SpaceOption
from embouchure.errors import ProgramError
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from embouchure.moving import Made
    from synth.moving.mixture import Mixture
    from synth.space import Space

SoundArgument = Annotated[
    str, typer.Argument(help="A sound: flute, flute-c5 or flute-c5-mf; see `space sounds`.")
]
NoteOption = Annotated[
    str | None,
    typer.Option(
        help="The key at which it is heard, such as c4 or 60; without it where its sounds are.",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="Write one note of it to this WAV file.")
]
PresetNameOption = Annotated[
    str | None, typer.Option("--preset", help="Keep a preset of this name that plays it.")
]
PlayOption = Annotated[bool, typer.Option("--play", help="Play one note of it now.")]


def mix(
    sounds: Annotated[
        list[str],
        typer.Argument(
            help="Sounds with their shares, such as flute-c5:0.5; a share of 1 without."
        ),
    ],
    by_ear: Annotated[
        bool,
        typer.Option("--by-ear", help="Of two sounds: shares of the way that is heard."),
    ] = False,
    note: NoteOption = None,
    out: OutOption = None,
    preset: PresetNameOption = None,
    play: PlayOption = False,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mix any number of sounds; a negative share goes away from a sound, beyond the others.

    Example: embouchure space mix flute-c5-mf:1.5 violin:-0.5 -o airy.wav
    """
    from synth.moving.mixture import mix as mixed

    shares: dict[str, float] = {}
    for given in sounds:
        name, share = _share(given)
        shares[name] = shares.get(name, 0.0) + share
    world = _space(space)
    asked = mixed(world, shares)
    if by_ear:
        asked = _by_ear(world, asked, tuple(shares), _note(note))
    _deliver(world, asked, note, (out, preset, play), as_json=as_json)


def move(
    sound: SoundArgument,
    axis: Annotated[
        list[str],
        typer.Option(
            help="An axis and the steps along it, such as brightness=+1; see `space axes`; repeat it."
        ),
    ],
    note: NoteOption = None,
    out: OutOption = None,
    preset: PresetNameOption = None,
    play: PlayOption = False,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move a sound along named axes; everything else stays as it is, as far as it can.

    Example: embouchure space move flute-c5 --axis noise=+1 --axis attack=-0.5 --play
    """
    from synth.moving.axes import moved
    from synth.moving.mixture import mix as mixed

    world = _space(space)
    steps = dict(_steps(given) for given in axis)
    asked = moved(world, mixed(world, {sound: 1.0}), steps)
    _deliver(world, asked, note, (out, preset, play), as_json=as_json)


def analogy(
    like: SoundArgument,
    unlike: SoundArgument,
    base: SoundArgument,
    note: NoteOption = None,
    out: OutOption = None,
    preset: PresetNameOption = None,
    play: PlayOption = False,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Apply to the third sound what tells the first from the second.

    Example: embouchure space analogy muted-trumpet trumpet cello -o muted-cello.wav
    """
    from synth.moving.mixture import analogy as formed

    world = _space(space)
    _deliver(world, formed(world, like, unlike, base), note, (out, preset, play), as_json=as_json)


def near(
    sound: SoundArgument,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 8,
    note: NoteOption = None,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the sounds that are nearest to one, as it is heard at equal pitch and loudness.

    Example: embouchure space near flute-c5 --count 5
    """
    from synth.moving.mixture import Mixer
    from synth.moving.mixture import mix as mixed
    from synth.moving.neighbours import nearest

    world = _space(space)
    course = Mixer(world).course(mixed(world, {sound: 1.0}), _note(note))
    found = nearest(world, course, count)
    if as_json:
        speak_json([one._asdict() for one in found])
        return
    table = Table("sound", "distance", box=None, pad_edge=False)
    for one in found:
        table.add_row(one.name, f"{one.distance_db:.1f} dB")
    console.print(table)


def draw_map(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", dir_okay=False, help="Write the map to this JSON file."),
    ] = None,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay all sounds out on a plane on which like lies near like; the same space, the same map.

    Example: embouchure space map -o sounds.json
    """
    from embouchure.space_map import map_of, write_map

    with console.status("Laying the sounds out"):
        drawn = map_of(_space(space))
    if out:
        write_map(drawn, out)
    if as_json:
        speak_json(drawn)
        return
    table = Table("instrument", "across", "up", box=None, pad_edge=False)
    for name, (across, up) in drawn["instruments"].items():
        table.add_row(name, f"{across:+.2f}", f"{up:+.2f}")
    if not out:
        console.print(table)
    written = f"Wrote {out}: " if out else ""
    say(
        f"{written}{len(drawn['sounds'])} sounds; trustworthiness {drawn['trustworthiness']:.3f} "
        f"(of the plane of the greatest spread {drawn['flat_trustworthiness']:.3f})."
    )


def axes(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Find the axes anew and write the space with them."),
    ] = None,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the axes along which sounds are moved, and what was measured of each.

    Example: embouchure space axes
    """
    from synth.moving.axes import some_axes_of

    world = _space(space)
    if out:
        world = _with_axes(world, out)
    with console.status("Finding the axes"):
        found = some_axes_of(world)
    if as_json:
        speak_json([card.model_dump() for card in found.cards])
        return
    table = Table(
        "axis", "one step", "just heard", "R²", "read off", "also changes", box=None, pad_edge=False
    )
    for card in found.cards:
        others = {k: v for k, v in card.effects.items() if k != card.name and abs(v) >= 0.1}
        table.add_row(
            f"{card.name} ({card.low} to {card.high})",
            f"{card.step:.1f} {card.unit}",
            f"{card.just_noticeable:.2f} of a step",
            f"{card.r2:.2f}",
            f"{card.readable_r2:.2f}",
            ", ".join(f"{name} {value:+.2f}" for name, value in others.items()) or "nothing",
        )
    console.print(table)
    if out:
        say(f"Wrote {out}, sha256 {world.sha256}; presets of the old file need the old one.")


def sounds(space: SpaceOption = None, as_json: JsonOption = False) -> None:
    """List the instruments of the space, whose sounds can be mixed and moved.

    Example: embouchure space sounds
    """
    from synth.moving.surface import instrument_of

    world = _space(space)
    if as_json:
        speak_json([sound.model_dump() for sound in world.card.sounds])
        return
    families: dict[str, dict[str, None]] = {}
    for one in world.card.sounds:
        families.setdefault(one.family, {})[instrument_of(one.name)] = None
    for family, names in sorted(families.items()):
        say(f"{family}: {', '.join(names)}")


def _space(name: str | None) -> "Space":
    from presets.spaces import named_space

    return named_space(name)


def _by_ear(
    world: "Space", asked: "Mixture", names: tuple[str, ...], note: float | None
) -> "Mixture":
    from synth.moving.mixture import Mixer
    from synth.moving.walk import Walk

    if len(asked.parts) != 2 or not asked.is_plain:
        raise ProgramError(
            "--by-ear goes between two sounds; name two, each with a share of more than 0"
        )
    first, second = names
    walk = Walk(Mixer(world), first, second, asked.note if note is None else note)
    return walk.at(asked.parts[1].share)


def _share(given: str) -> tuple[str, float]:
    name, colon, share = given.rpartition(":")
    if not colon:
        return given, 1.0
    try:
        return name, float(share)
    except ValueError:
        raise ProgramError(
            f"{share!r} is no share; say how much of {name} as a number, as in {name}:0.5"
        ) from None


def _steps(given: str) -> tuple[str, float]:
    name, _, steps = given.partition("=")
    try:
        return name, float(steps)
    except ValueError:
        raise ProgramError(
            f"{given!r} is no move; name an axis and the steps along it, as in brightness=+1"
        ) from None


def _note(text: str | None) -> float | None:
    from synth.moving.naming import note_number

    if text is None:
        return None
    note = note_number(text)
    if note is None:
        raise ProgramError(f"{text!r} is no key; say it as c4, fs3 or a number from 0 to 127")
    return note


def _deliver(
    world: "Space",
    asked: "Mixture",
    note: str | None,
    wanted: tuple[Path | None, str | None, bool],
    *,
    as_json: bool,
) -> None:
    """Write, keep and play what was made, and tell of it."""
    from embouchure.moving import keep, made, write

    out, preset, play = wanted
    if preset:
        from presets.library import refuse_taken
        from presets.names import check_name

        refuse_taken(check_name(preset))
    one = made(world, asked, _note(note))
    if out:
        write(one, out)
    if preset:
        with console.status("Learning the preset; this takes about half a minute"):
            keep(one, preset)
    if as_json:
        speak_json({**one.json, "wav": str(out) if out else None, "preset": preset})
    else:
        _tell(one, out, preset)
    if play:
        _play(one)


def _tell(one: "Made", out: Path | None, preset: str | None) -> None:
    say(one.words)
    if out:
        say(f"Wrote {out}.")
    if preset:
        say(f"Kept the preset {preset}; play it with `embouchure play --preset {preset}`.")


def _play(one: "Made") -> None:
    from embouchure.hearing import hear
    from embouchure.moving import write

    with TemporaryDirectory() as folder:
        path = Path(folder, "one.wav")
        write(one, path)
        hear(path)


def _with_axes(world: "Space", out: Path) -> "Space":
    from synth.moving.axes import some_axes_of
    from synth.moving.axis_search import with_axes
    from synth.space import Space, check_place, save_space

    check_place(out)
    with console.status("Finding the axes"):
        card, arrays = with_axes(world.card, world.arrays)
        some_axes_of(Space(card, arrays))
    save_space(out, card, arrays)
    return Space.load(out)


COMMANDS: Final[dict[str, Callable[..., Any]]] = {
    "sounds": sounds,
    "mix": mix,
    "move": move,
    "analogy": analogy,
    "near": near,
    "axes": axes,
    "map": draw_map,
}
