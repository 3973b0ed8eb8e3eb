"""Recipes: what each factory preset is made of and how it answers the hand, in a player's terms."""

from dataclasses import dataclass
from typing import Final

from presets.factory.sounds import Blend, Likeness, SoundOf
from synth.moving.surface import Anchor, Register
from synth.patch import RoomSettings, VoiceSettings


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How strongly a preset answers each move; ratios move the brightness within 0-1."""

    slide: float = 0.9
    """Share of the way from dull to bright that slide covers."""
    effort: float = 0.1
    """Share that effort covers."""
    rush: float = 0.0
    """Brightness of a quick press, 10 per second."""
    vibrato: float = 0.0
    """Brightness per semitone of vibrato, with its motion, up to half a semitone."""
    vibrato_db: float = 0.0
    """Loudness per semitone of vibrato, with its motion, up to half a semitone."""
    lift: float = 0.0
    """Brightness that a slow lift takes away as the sound dies, and a quick one adds."""
    accent_db: float = 0.0
    """Overshoot of the hardest strike, fading over 160 ms."""
    scoop_cents: float = 0.0
    """How flat the softest strike starts, fading over 40 ms."""
    haste: tuple[float, float] = (1.0, 1.0)
    """How many times faster than recorded the softest and the hardest strike unfold."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One factory preset: sounds from dull to bright, loudness, answers, voice and room.

    A sustained sound follows effort from `floor_db` to `top_db`. A struck one peaks between them
    by its strike, decays as recorded, and press swells it again between the `swell` bounds.
    """

    name: str
    description: str
    tags: tuple[str, ...]
    sounds: tuple[SoundOf, ...]
    notes: tuple[float, float]
    struck: bool = False
    floor_db: float = -49.0
    top_db: float = -12.0
    swell_db: tuple[float, float] = (-75.0, -15.0)
    climb_db: float = 0.0
    """Added to a peak for each octave above middle C: short high notes seem softer than they are."""
    answer: Answer = Answer()
    voice: VoiceSettings
    room: RoomSettings


def solo(instrument: str, dynamic: float) -> Anchor:
    """Anchor the path at one instrument over its whole range."""
    return Anchor(dynamic, (Register(instrument),))


def section(dynamic: float) -> Anchor:
    """Anchor the path at the bowed strings, each where it sounds best."""
    return Anchor(
        dynamic, (Register("contrabass", 0, 40), Register("cello", 40, 62), Register("violin", 62))
    )


OPEN_MOUTH: Final = Anchor(0.98, (Register("choir-aah", 0, 70), Register("synth-voice", 70)))
"""An ah on every key: high up the choir's is no brighter than an ooh."""

RECIPES: Final = (
    Recipe(
        name="breath",
        description="A flute that opens into reed as you slide; press is your breath.",
        tags=("sustained", "wind", "solo"),
        sounds=(Blend(0.28, (("ocarina", 0.5), ("whistle", 0.5))), solo("soprano-sax", 0.98)),
        notes=(53, 96),
        answer=Answer(
            slide=0.8, effort=0.2, rush=0.02, vibrato=0.12, vibrato_db=1.5, lift=0.15,
            accent_db=1.0, haste=(1.5, 6.0),
        ),
        voice=VoiceSettings(release_slow_s=0.5, release_fast_s=0.09, transient_db=-3.0),
        room=RoomSettings(mix=0.2, decay_s=1.6, size=0.6),
    ),
    Recipe(
        name="bow",
        description="Strings under your hand; press is the bow's weight, slide nears the bridge.",
        tags=("sustained", "string", "ensemble"),
        sounds=(solo("bowed-pad", 0.28), section(0.98)),
        notes=(33, 93),
        answer=Answer(
            slide=0.78, effort=0.22, rush=0.02, vibrato=0.25, vibrato_db=2.0, lift=0.1, accent_db=2.0,
            scoop_cents=-8.0, haste=(10.0, 10.0),
        ),
        voice=VoiceSettings(release_slow_s=0.9, release_fast_s=0.15),
        room=RoomSettings(mix=0.25, decay_s=2.0, size=0.7),
    ),
    Recipe(
        name="mallet",
        description="Wood at one end of the slide, bells at the other; press makes it swell again.",
        tags=("struck", "percussion", "chords"),
        sounds=(solo("marimba", 0.5), solo("vibraphone", 0.9), solo("tubular-bells", 0.98)),
        notes=(48, 96),
        struck=True,
        floor_db=-39.5,
        top_db=-12.5,
        climb_db=1.4,
        answer=Answer(slide=0.8, effort=0.2, vibrato=0.2, vibrato_db=3.0, lift=0.1),
        voice=VoiceSettings(release_slow_s=2.0, release_fast_s=0.12),
        room=RoomSettings(mix=0.18, decay_s=1.4, size=0.5),
    ),
    Recipe(
        name="pluck",
        description="A guitar in a small dry room; slide nears the bridge, press bows the string.",
        tags=("plucked", "string", "dry"),
        sounds=(solo("nylon-guitar", 0.28), solo("steel-guitar", 0.75), solo("harpsichord", 0.98)),
        notes=(36, 88),
        struck=True,
        floor_db=-39.5,
        top_db=-10.5,
        climb_db=0.6,
        answer=Answer(slide=0.8, effort=0.2, rush=0.05, vibrato=0.2, vibrato_db=1.0, lift=0.1),
        voice=VoiceSettings(release_slow_s=0.25, release_fast_s=0.06),
        room=RoomSettings(mix=0.06, decay_s=0.3, size=0.2),
    ),
    Recipe(
        name="morph",
        description="Slide to turn a hollow pipe into brass, and stop anywhere on the way.",
        tags=("sustained", "morph", "lead"),
        sounds=(Blend(0.28, (("bottle", 0.3), ("clarinet", 0.7))), solo("trumpet", 0.98)),
        notes=(48, 88),
        answer=Answer(
            slide=0.82, effort=0.18, vibrato=0.2, vibrato_db=2.0, lift=0.1,
            accent_db=2.0, haste=(1.5, 6.0),
        ),
        voice=VoiceSettings(release_slow_s=0.7, release_fast_s=0.1),
        room=RoomSettings(mix=0.18, decay_s=1.5, size=0.5),
    ),
    Recipe(
        name="voice",
        description="A voice that opens as you slide, from a soft ooh to a bright ah.",
        tags=("sustained", "voice", "chords"),
        sounds=(solo("voice-ooh", 0.28), OPEN_MOUTH),
        notes=(43, 84),
        answer=Answer(
            vibrato=0.12, vibrato_db=1.5, lift=0.2, accent_db=1.0, scoop_cents=-12.0,
            haste=(2.0, 8.0),
        ),
        voice=VoiceSettings(release_slow_s=1.4, release_fast_s=0.25),
        room=RoomSettings(mix=0.3, decay_s=2.4, size=0.8),
    ),
    Recipe(
        name="siren",
        description="A bow that sings: string and throat in one sound; slide opens the mouth.",
        tags=("sustained", "string", "voice", "fusion"),
        sounds=(
            Blend(0.28, (("cello", 0.5), ("voice-ooh", 0.5))),
            Blend(0.98, (("fiddle", 0.5), ("synth-voice", 0.5))),
        ),
        notes=(43, 91),
        answer=Answer(
            rush=0.02, vibrato=0.2, vibrato_db=2.0, lift=0.15, accent_db=1.5, scoop_cents=-12.0,
            haste=(2.0, 8.0),
        ),
        voice=VoiceSettings(release_slow_s=1.1, release_fast_s=0.18),
        room=RoomSettings(mix=0.25, decay_s=2.0, size=0.7),
    ),
    Recipe(
        name="blaze",
        description="Brass that goes on past its loudest: from a warm horn to more than a trumpet.",
        tags=("sustained", "brass", "lead", "beyond"),
        sounds=(
            solo("french-horn", 0.5),
            solo("trumpet", 0.9),
            Blend(0.98, (("trumpet", 1.6), ("french-horn", -0.6))),
        ),
        notes=(43, 86),
        answer=Answer(
            slide=0.85, effort=0.15, rush=0.05, vibrato=0.15, vibrato_db=1.5, lift=0.1,
            accent_db=2.5, scoop_cents=-6.0, haste=(1.5, 6.0),
        ),
        voice=VoiceSettings(release_slow_s=0.5, release_fast_s=0.08),
        room=RoomSettings(mix=0.18, decay_s=1.6, size=0.6),
    ),
    Recipe(
        name="scat",
        description="A voice plucked like a guitar string: soft doo to hard bap; press holds the syllable.",
        tags=("plucked", "voice", "chords", "analogy"),
        sounds=(
            Likeness(0.28, "nylon-guitar", "cello", "voice-lead"),
            Likeness(0.98, "steel-guitar", "cello", "synth-voice"),
        ),
        notes=(43, 88),
        struck=True,
        floor_db=-39.5,
        top_db=-12.0,
        climb_db=1.6,
        answer=Answer(slide=0.85, effort=0.15, rush=0.03, vibrato=0.2, vibrato_db=1.5, lift=0.15),
        voice=VoiceSettings(release_slow_s=0.6, release_fast_s=0.1),
        room=RoomSettings(mix=0.15, decay_s=1.2, size=0.5),
    ),
    Recipe(
        name="drift",
        description="Hold a chord and let it go where it likes: every note wanders its own way.",
        tags=("sustained", "pad", "chords", "wandering"),
        sounds=(
            Blend(0.28, (("bottle", 0.5), ("sweep-pad", 0.5))),
            Blend(0.98, (("halo-pad", 0.5), ("soundtrack", 0.5))),
        ),
        notes=(36, 88),
        answer=Answer(vibrato=0.15, vibrato_db=1.5, lift=0.15, haste=(2.0, 8.0)),
        voice=VoiceSettings(release_slow_s=2.5, release_fast_s=0.4, wander=0.2),
        room=RoomSettings(mix=0.35, decay_s=3.2, size=0.9),
    ),
)  # fmt: skip
