"""Exporting: a preset becomes a folder that samplers open, whole files only, in steps of a key."""

import shutil
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import soundfile
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from mapper.whole_file import write_whole
from presets.multisample.plan import RATE_HZ, SamplePlan
from presets.multisample.sfz import FOLDER, SfzSound, sample_name, sfz_text
from presets.multisample.taking import Layer, swell_db, take_key
from presets.preset import Preset
from presets.refusal import PresetError
from synth.space import Source, Space

FORMAT: Final = "embouchure-multisample-1"
CARD: Final = "export.json"
LICENCE: Final = "LICENCE.txt"
SUBTYPE: Final = "PCM_24"

Progress = Callable[[int, int], None]


class ExportedKey(BaseModel):
    """A key whose samples are written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    loop: tuple[int, int] | None
    """Its frames from the first up to but not with the last go round."""
    likeness: float | None
    """How alike the two ends of the loop are, 1 at most."""


class ExportCard(BaseModel):
    """Where a multisample comes from, and what of it is done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["embouchure-multisample-1"] = FORMAT
    preset: str
    preset_sha256: str
    preset_licence: str
    space: str
    space_sha256: str
    space_licence: str
    space_provenance: list[str]
    space_sources: list[Source]
    program: str
    rate_hz: int = RATE_HZ
    plan: SamplePlan
    swells_db: dict[int, float] = {}
    keys: dict[int, ExportedKey] = {}

    def is_begun_as(self, other: "ExportCard") -> bool:
        """Whether another export is the same but for what is done."""
        nothing: dict[str, dict[int, Any]] = {"keys": {}, "swells_db": {}}
        return self.model_copy(update=nothing) == other.model_copy(update=nothing)


class Exported(NamedTuple):
    """What was written."""

    sfz: Path
    card: ExportCard
    n_bytes: int


def export_sfz(
    preset: Preset,
    space: Space,
    folder: Path,
    plan: SamplePlan,
    *,
    bend_semitones: int = 2,
    tell: Progress = lambda done, total: None,
) -> Exported:
    """Render a preset to an SFZ instrument; an interrupted run goes on with the key it was at.

    Parameters
    ----------
    folder
        Empty, new, or what an earlier run of the same left.
    bend_semitones
        How far the pitch wheel bends.
    tell
        Told how many keys are done, and how many there are.

    Raises
    ------
    PresetError
        When something else is in the folder, or it cannot be written.
    """
    card = _begun(folder, _card(preset, space, plan))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_text(folder / CARD, card.model_dump_json(indent=2))
        (folder / FOLDER).mkdir(exist_ok=True)
        card = _with_swells(card, preset, space)
        for done, key in enumerate(plan.keys):
            tell(done, len(plan.keys))
            card = _with_key(card, preset, space, folder, key)
        return _finished(card, preset, folder, bend_semitones)
    except (OSError, soundfile.LibsndfileError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PresetError(
            f"{folder} cannot be written ({reason}); make room there and run the same command "
            "again, which goes on from here"
        ) from None


def check_room(folder: Path, plan: SamplePlan) -> None:
    """Refuse a folder on whose disk the samples that are not there yet have no room.

    Raises
    ------
    PresetError
        When there is less than they usually take.
    """
    there = next(
        parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists()
    )
    free_bytes = shutil.disk_usage(there).free
    places = [path for key in plan.keys for path in _places(folder, plan, key).values()]
    missing = sum(not path.exists() for path in places) / plan.n_samples
    if free_bytes < missing * plan.usual_bytes:
        raise PresetError(
            f"the samples take about {missing * plan.usual_bytes / 1e6:.0f} MB, and there are "
            f"{free_bytes / 1e6:.0f} MB at {there}; choose another place, or fewer keys and layers"
        )


def _card(preset: Preset, space: Space, plan: SamplePlan) -> ExportCard:
    return ExportCard(
        preset=preset.card.name,
        preset_sha256=preset.sha256,
        preset_licence=preset.card.licence,
        space=space.card.name,
        space_sha256=space.sha256,
        space_licence=space.card.licence,
        space_provenance=list(space.card.provenance),
        space_sources=list(space.card.sources),
        program=f"Embouchure {version('embouchure')}",
        plan=plan,
    )


def _begun(folder: Path, card: ExportCard) -> ExportCard:
    """Take up what an earlier run left; refuse a folder that holds anything else."""
    try:
        before = ExportCard.model_validate_json((folder / CARD).read_bytes())
        if before.is_begun_as(card):
            return before
        reason = "holds another export"
    except FileNotFoundError:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return card
        reason = "holds something else"
    except (OSError, ValidationError, ValueError):
        reason = "holds something else"
    raise PresetError(f"{folder} {reason}; choose an empty folder, or one that is not there yet")


def _with_swells(card: ExportCard, preset: Preset, space: Space) -> ExportCard:
    """Measure what pressure adds, once in the middle of the keys for each velocity."""
    if card.swells_db:
        return card
    plan = card.plan
    key, slide = plan.keys[len(plan.keys) // 2], plan.slides[len(plan.slides) // 2]
    swells = {
        velocity: round(swell_db(space, preset, key, (velocity, slide)), 1)
        for velocity in plan.velocities
    }
    return card.model_copy(update={"swells_db": swells})


def _with_key(card: ExportCard, preset: Preset, space: Space, folder: Path, key: int) -> ExportCard:
    """Sample a key, unless that is done, and note it in the card."""
    plan = card.plan
    places = _places(folder, plan, key)
    if key in card.keys and all(path.exists() for path in places.values()):
        return card
    take = take_key(space, preset, key, plan)
    for layer, path in places.items():
        write_whole(path, _packed(take.sounds[layer], plan.suffix), keeps_old=False)
    loop = take.loop
    done = ExportedKey(
        loop=(loop.start, loop.end) if loop else None,
        likeness=round(loop.likeness, 4) if loop else None,
    )
    card = card.model_copy(update={"keys": card.keys | {key: done}})
    _write_text(folder / CARD, card.model_dump_json(indent=2))
    return card


def _places(folder: Path, plan: SamplePlan, key: int) -> dict[Layer, Path]:
    """Tell where the samples of a key go."""
    return {
        (velocity, slide): folder / FOLDER / sample_name(key, velocity, slide, plan.suffix)
        for velocity in plan.velocities
        for slide in plan.slides
    }


def _packed(sound: NDArray[Any], suffix: str) -> bytes:
    file = BytesIO()
    soundfile.write(file, sound, RATE_HZ, subtype=SUBTYPE, format=suffix.upper())
    return file.getvalue()


def _finished(card: ExportCard, preset: Preset, folder: Path, bend_semitones: int) -> Exported:
    """Write what stands beside the samples, the instrument itself last."""
    sound = SfzSound(
        title=_title(card, preset),
        voice=preset.card.voice,
        loops={key: done.loop for key, done in card.keys.items()},
        swells_db=card.swells_db,
        bend_semitones=bend_semitones,
    )
    sfz = folder / f"{card.preset}.sfz"
    _write_text(folder / LICENCE, "\n".join(_licence(card)) + "\n")
    _write_text(sfz, sfz_text(card.plan, sound))
    return Exported(sfz, card, sum(path.stat().st_size for path in folder.rglob("*.*")))


def _title(card: ExportCard, preset: Preset) -> list[str]:
    return [
        f"{card.preset}: {preset.card.description}",
        f"Sampled by {card.program} from the preset {card.preset_sha256[:12]}.",
        f"Licence of the preset {card.preset_licence}, of the space {card.space_licence}; see {LICENCE}.",
        "Dry: add a room. CC 74 slides, aftertouch swells.",
    ]


def _licence(card: ExportCard) -> list[str]:
    return [
        f"These samples were rendered by {card.program}.",
        "",
        f"Preset {card.preset}, sha256 {card.preset_sha256}: {card.preset_licence}",
        f"Space {card.space}, sha256 {card.space_sha256}: {card.space_licence}",
        "",
        "The space was learned from:",
        *(f"- {line}" for line in card.space_provenance),
        *(
            f"- {source.name}, {source.licence}: {'; '.join(source.provenance) or 'not stated'}"
            for source in card.space_sources
        ),
    ]


def _write_text(path: Path, text: str) -> None:
    write_whole(path, text.encode(), keeps_old=False)
