"""Vibrato: what becomes of a simulated player's own, measured from the sound beside its target."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.take import touch_rows
from calibration.fitting.coupling import learn_vibrato
from calibration.targets.articulations import articulate
from calibration.targets.known_instruments import recipe_named
from calibration.targets.target import TARGET_RATE_HZ, Target
from calibration.targets.vibrato import Oscillation, find_vibrato
from embouchure.feel.gliding import gliding
from embouchure.feel.measures import RATE_HZ, pitch_notes
from embouchure.feel.rig import Rig
from embouchure.feel.shaking import STEP_S, Shaker
from embouchure.feel.vibrato_sound import MEASURED_HZ, Heard, hear_vibrato
from embouchure.instrument import load_sound
from embouchure.space_file import load_space
from mapper.features import AT, TOUCH_FIELDS
from mapper.gestures import gather
from mapper.kernel import map_frame_address
from mapper.listener import Listener
from mapper.listening import LEVEL_CURVE, gesture_features
from mapper.manner import Manner
from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET, Mapping
from mapper.profile import LINNSTRUMENT_MPE
from mapper.swinging import gesture_vibrato
from mapper.traffic import Stroke, perform
from mapper.vibrato import Vibrato
from presets.factory.demonstrations import Composer
from presets.preset import Preset
from synth.space import Space

Array = NDArray[np.float64]

PLAYED: Final = (
    ("vibrato-trumpet", "morph"),
    ("vibrato-flute", "breath"),
    ("vibrato-bow", "bow"),
    ("vibrato-voice", "voice"),
)
"""Targets, and the presets that learn them."""
NOTE: Final = 67
LENGTH_S: Final = 4.0
RESTS: Final = np.linspace(0.04, 1.0, 49)
RESTED_S: Final = 2.0
N_TAKES: Final = 2
N_PERFORMANCES: Final = 4
N_HOLDS: Final = 100
HOLD_S: Final = 3.0
SWING_AT_S: Final = (0.5, 0.9)
"""When the player begins to swing."""
STEP_AT_S: Final = 2.5
LANDED_S: Final = (0.30, 1.0)
"""The time after a step within a vibrato in which its middle is looked at."""
LED_BY_PITCH_CENTS: Final = 15.0
"""A vibrato that moves the pitch less is one of loudness, and begins when that does."""
BOUNDS: Final = {
    "rate_error_hz": (0.0, 0.2),
    "extent_error": (0.0, 0.15),
    "db_share": (0.85, 1.15),
    "bright_share": (0.85, 1.15),
    "onset_error_ms": (0.0, 80.0),
    "false_holds": (0.0, 0.05),
    "glide_cents": (0.0, 5.0),
    "overshoot_cents": (0.0, 5.0),
}
"""Between what each figure of a row must lie."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One target learned, and what the player's own vibrato then sounds like.

    Errors are the worst of all performances, other figures their means. The onset's is between the
    times at which the finger's swing and the heard one have half grown; the heard one is the
    pitch's, or the loudness's where the target hardly moves the pitch. `db_share` and
    `bright_share` are how much of the target's coupling sounds, in its phase.
    """

    target: str
    preset: str
    target_hz: float
    target_cents: float
    target_db: float
    target_bright_notes: float
    player_hz: float
    heard_hz: float
    heard_cents: float
    rate_error_hz: float
    extent_error: float
    db_share: float
    bright_share: float
    onset_error_ms: float
    plain_cents: float
    """Extent without what was learned."""
    plain_db_share: float
    false_holds: float
    """Share of steady holds in which anything was taken for a vibrato."""
    glide_cents: float
    overshoot_cents: float
    """Of a step by 2 semitones and a swoop by an octave."""
    step_within_cents: float
    """Where the middle of the vibrato lands after a step by 2 semitones within it."""

    def failures(self) -> list[str]:
        """Names of the figures beyond `BOUNDS`."""
        return [
            name for name, (low, high) in BOUNDS.items() if not low <= getattr(self, name) <= high
        ]

    def described(self) -> dict[str, object]:
        """Say it all to a script."""
        return asdict(self) | {"failures": self.failures()}


def vibrato_table(
    played: Sequence[tuple[str, str]] = PLAYED,
    n_performances: int = N_PERFORMANCES,
    n_holds: int = N_HOLDS,
) -> Iterator[Row]:
    """Learn each target's vibrato from a simulated player's takes, and measure how it then sounds.

    Raises
    ------
    PresetError, SpaceError
        When a preset or its space cannot be read.
    """
    space = load_space()
    for kind, name in played:
        yield _row(space, kind, load_sound(name, space).preset, n_performances, n_holds)


def _row(space: Space, kind: str, preset: Preset, n_performances: int, n_holds: int) -> Row:
    composer = Composer(space, recipe_named(space, preset.card.name))
    target = articulate(composer, kind, note=NOTE)
    player = _at_rest(composer, preset.mapping, target)
    takes = [_rows(_swing(player, seed)[0]) for seed in range(N_TAKES)]
    learned = learn_vibrato((rows, target) for rows in takes)
    assert learned is not None, "the player's own vibrato or the target's was not found"
    rig = _rig(space, replace(preset, mapping=replace(preset.mapping, vibrato=learned)))
    plain = _swung(_rig(space, preset), player, N_TAKES)[0]
    asked = hear_vibrato(_target_sound(space, preset, target), NOTE)
    swung = [_swung(rig, player, seed) for seed in range(N_TAKES, N_TAKES + n_performances)]
    heard = [one for one, _ in swung]
    own = [finger for _, finger in swung]
    extents = np.array([one.extent_cents for one in heard])
    landing = gliding(rig, 12.0)
    return Row(
        target=kind,
        preset=preset.card.name,
        target_hz=asked.rate_hz,
        target_cents=asked.extent_cents,
        target_db=abs(asked.swing_db),
        target_bright_notes=abs(asked.swing_notes),
        player_hz=float(np.mean([one.rate_hz for one in own])),
        heard_hz=float(np.mean([one.rate_hz for one in heard])),
        heard_cents=float(extents.mean()),
        rate_error_hz=max(abs(h.rate_hz - o.rate_hz) for h, o in zip(heard, own, strict=True)),
        extent_error=float(np.abs(extents / asked.extent_cents - 1.0).max()),
        db_share=_share([one.swing_db for one in heard], asked.swing_db),
        bright_share=_share([one.swing_notes for one in heard], asked.swing_notes),
        onset_error_ms=1000.0 * max(map(abs, _late_s(heard, own, asked))),
        plain_cents=plain.extent_cents,
        plain_db_share=_share([plain.swing_db], asked.swing_db),
        false_holds=_false_holds(learned, n_holds),
        glide_cents=landing["glide_cents"] or 0.0,
        overshoot_cents=landing["overshoot_cents"] or 0.0,
        step_within_cents=_step_within_cents(rig, player),
    )


def _late_s(heard: Sequence[Heard], own: Sequence[Oscillation], asked: Heard) -> list[float]:
    """Tell how much later than the finger's own swing what leads the vibrato begins to be heard."""
    by_pitch = asked.extent_cents >= LED_BY_PITCH_CENTS
    onsets_s = [one.onset_s if by_pitch else one.level_onset_s for one in heard]
    pairs = zip(onsets_s, own, strict=True)
    return [float("inf") if at_s is None else at_s - finger.onset_s for at_s, finger in pairs]


def _share(heard: Sequence[complex], asked: complex) -> float:
    """Tell how much of what was asked is heard, in its phase."""
    return float(np.mean([(one * asked.conjugate()).real for one in heard]) / abs(asked) ** 2)


def _rig(space: Space, preset: Preset) -> Rig:
    return Rig(space, preset.patch(map_frame_address()), LINNSTRUMENT_MPE, preset.card.manner)


def _target_sound(space: Space, preset: Preset, target: Target) -> Array:
    rig = Rig(space, target.patch(preset.card.voice), LINNSTRUMENT_MPE, Manner())
    return _held(rig, Stroke(note=NOTE, strike=target.strike, length_s=target.held_s))


def _held(rig: Rig, stroke: Stroke) -> Array:
    """Sound a stroke, without what rings on after the lift."""
    return rig.sound([stroke])[: round(stroke.length_s * RATE_HZ)]


def _at_rest(composer: Composer, mapping: Mapping, target: Target) -> Shaker:
    """Seat the player, press and slide being where the tone is as loud and bright as the target."""
    press, slide = (axis.ravel() for axis in np.meshgrid(RESTS, RESTS))
    rested = _rows(Shaker().hold(NOTE, RESTED_S))
    held = gesture_features(rested[rested[:, TOUCH_FIELDS.index("since_lift_s")] < 0.0])
    features = np.repeat(held[-1:], len(press), axis=0)
    features[:, AT.press] = features[:, AT.effort] = press
    features[:, AT.level] = np.log1p(LEVEL_CURVE * press) / np.log1p(LEVEL_CURVE)
    features[:, AT.slide] = slide
    wanted = target.trajectory[
        round(RESTED_S * TARGET_RATE_HZ) : round(target.held_s * TARGET_RATE_HZ)
    ]
    away = _tone(composer, mapping.predict(features)) - _tone(composer, wanted).mean(axis=0)
    nearest = int(np.argmin(np.square(away).sum(axis=1)))
    return Shaker(press=float(press[nearest]), slide=float(slide[nearest]))


def _tone(composer: Composer, trajectory: NDArray[np.floating]) -> Array:
    """Loudness in dB and spectral centroid in semitones, shape (n_rows, 2)."""
    rows = trajectory.astype(np.float64)
    note = NOTE + rows[:, PITCH_OFFSET] / 100.0
    centroid = composer.centroid_note(rows[:, :CODE_SIZE], rows[:, LOUDNESS], note)
    return np.column_stack([rows[:, LOUDNESS], centroid])


def _swing(player: Shaker, seed: int) -> tuple[Stroke, Array]:
    """Let the player swing in one long note, beginning when they like."""
    onset_s = float(np.random.default_rng([seed, 1]).uniform(*SWING_AT_S))
    return replace(player, seed=seed).swing(NOTE, LENGTH_S, onset_s)


def _rows(stroke: Stroke) -> Array:
    listener = Listener(0, LINNSTRUMENT_MPE)
    sent = perform(LINNSTRUMENT_MPE, [stroke])
    events = (event for time_s, data in sent for event in listener.hear(data, time_s))
    return touch_rows(gather(events)[0]).astype(np.float64)


def _swung(rig: Rig, player: Shaker, seed: int) -> tuple[Heard, Oscillation]:
    """Let the player swing; tell what is heard, and what the finger itself did."""
    stroke, semitones = _swing(player, seed)
    every = round(1 / (MEASURED_HZ * STEP_S))
    finger = find_vibrato(100.0 * semitones[::every], MEASURED_HZ)
    assert finger is not None, "the simulated player does not swing"
    return hear_vibrato(_held(rig, stroke), NOTE), finger


def _false_holds(learned: Vibrato, n_holds: int) -> float:
    """Tell the share of steady holds in which anything at all is added."""
    holds = (Shaker(seed=1000 + i).hold(NOTE, HOLD_S) for i in range(n_holds))
    return float(np.mean([gesture_vibrato(_rows(hold), learned)[1].any() for hold in holds]))


def _step_within_cents(rig: Rig, player: Shaker) -> float:
    """Step by 2 semitones within a vibrato; how far off the middle of it lands, in cents."""

    def step(ages_s: Array) -> Array:
        return np.where(ages_s > STEP_AT_S, 2.0, 0.0)

    stroke, _ = replace(player, seed=77).swing(NOTE, LENGTH_S, 0.6, step)
    times_s, notes = pitch_notes(rig.sound([stroke]), NOTE - 3, NOTE + 5)
    cycles = round((LANDED_S[1] - LANDED_S[0]) * player.rate_hz)

    def middle(from_s: float) -> float:
        inside = (times_s > from_s) & (times_s < from_s + cycles / player.rate_hz)
        return float(np.mean(notes[inside]))

    before = middle(STEP_AT_S - 0.05 - cycles / player.rate_hz)
    return 100.0 * abs(middle(STEP_AT_S + LANDED_S[0]) - before - 2.0)
