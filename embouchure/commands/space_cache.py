"""`embouchure space cache`: decoders evaluated in advance, for low power and large decoders."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.output import going_on, progress_bar, say, speak_json

if TYPE_CHECKING:
    from synth.lattice import Lattice

    Progress = Callable[[int, int], None]
    Build = Callable[[Progress], tuple[Lattice, Path]]

FIGURES = {
    "partials_db": "partials {:.2f} dB",
    "noise_db": "noise {:.2f} dB",
    "frame_p99_db": "99 % of frames within {:.2f} dB",
    "mel_db": "played, mel bands {:.2f} dB",
    "attack_mel_db": "their attack {:.2f} dB",
}
"""What is said of each figure."""


def build_caches(
    presets: Annotated[
        list[str] | None, typer.Argument(help="Presets; without any, those of the factory.")
    ] = None,
    sounds: Annotated[
        bool,
        typer.Option(
            "--sounds",
            help="Instead, cache the named sounds of the space, for every preset that has no own.",
        ),
    ] = False,
    sound: Annotated[
        list[str] | None,
        typer.Option(
            help="With --sounds, only this sound, in place of the cache of all; repeat it for several."
        ),
    ] = None,
    path: Annotated[
        Path | None,
        typer.Option("--space", help="With --sounds, a space file; without it the installed one."),
    ] = None,
    limit_mb: Annotated[
        int, typer.Option(min=1, max=4096, help="Most that one cache may take on the disk.")
    ] = 48,
    as_json: JsonOption = False,
) -> None:
    """Evaluate the decoder in advance, so that a slow machine plays by looking up.

    How far the cache is from the decoder is measured and said. Ctrl-C keeps what is done, and the
    same command goes on from there. What is built is played with `embouchure play --cached`.

    Examples: embouchure space cache breath bow,
    embouchure space cache --sounds
    """
    if sounds and presets:
        raise ProgramError("--sounds caches a space, and presets were named too; choose one")
    if not sounds and (sound or path):
        raise ProgramError("--sound and --space belong to --sounds; add it, or leave them out")
    limit_bytes = limit_mb * 2**20
    builds = (
        [("sounds", _of_sounds(path, sound or [], limit_bytes))]
        if sounds
        else [(name, _of_preset(name, limit_bytes)) for name in presets or _factory()]
    )
    told = [_built(name, build, quiet=as_json) for name, build in builds]
    if as_json:
        speak_json(told)


def _factory() -> list[str]:
    from presets.store import factory_names

    return factory_names()


def _of_preset(name: str, limit_bytes: int) -> "Build":
    def build(tell: "Progress") -> "tuple[Lattice, Path]":
        from presets.caching import build_cache
        from presets.spaces import find_space
        from presets.store import load

        preset = load(name)
        return build_cache(preset, find_space(preset.card.space), tell, limit_bytes)

    return build


def _of_sounds(path: Path | None, names: list[str], limit_bytes: int) -> "Build":
    def build(tell: "Progress") -> "tuple[Lattice, Path]":
        from embouchure.space_file import load_space
        from presets.caching import build_cache_of_sounds

        return build_cache_of_sounds(load_space(path), names, tell, limit_bytes)

    return build


def _built(name: str, build: "Build", *, quiet: bool) -> dict[str, Any]:
    """Build one cache under a progress bar, and say what it is."""
    with going_on(), progress_bar(quiet=quiet) as progress:
        task = progress.add_task(f"{name}: finding what it can reach", total=None)

        def tell(done: int, total: int) -> None:
            words = "decoding" if done < total else "measuring"
            progress.update(task, description=f"{name}: {words}", completed=done, total=total)

        lattice, place = build(tell)
    card, n_bytes = lattice.card, place.stat().st_size
    if not quiet:
        say(f"{name}: {n_bytes / 2**20:.0f} MB, from the decoder {_figures(card.figures)}.")
    return {"name": name, "path": str(place), "bytes": n_bytes, "figures": card.figures}


def _figures(figures: dict[str, float]) -> str:
    known = ((FIGURES[name], value) for name, value in figures.items() if name in FIGURES)
    return ", ".join(words.format(value) for words, value in known)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"cache": build_caches}
