"""Advice: what a controller's traits mean for a player, and what to change on it."""

from typing import Final, NamedTuple

from mapper.portrait import Traits
from mapper.profile import LINNSTRUMENT, LINNSTRUMENT_MPE, OSMOSE, OSMOSE_HAKEN, SEABOARD, Profile
from mapper.zones import CHANNEL_PER_NOTE_RANGE_SEMITONES, MEMBER_RANGE_SEMITONES, Mode

ONE_CHANNEL_RANGE_SEMITONES: Final = 2.0
OCTAVE_SEMITONES: Final = 12.0
NEAR_SEMITONES: Final = 1.0
"""How far a slide of an octave may seem to go and still be in tune: fingers are not rulers."""
MIN_BEND: Final = 0.005
ENOUGH_STRIKES: Final = 3
SAME_STRIKE: Final = 0.02

_LINNSTRUMENT: Final = (
    "in its Per-Split Settings turn MPE on under MIDI Mode, and choose a bend range of 48, CC74 for "
    "Timbre/Y and Channel Pressure for Loudness/Z"
)
SETTINGS: Final = {
    LINNSTRUMENT.name: _LINNSTRUMENT,
    LINNSTRUMENT_MPE.name: _LINNSTRUMENT,
    SEABOARD.name: "in ROLI Dashboard choose MPE as its MIDI mode and a pitch bend range of 48",
    OSMOSE.name: "in its MIDI settings choose MPE and a bend range of 48",
    OSMOSE_HAKEN.name: "choose its first port; the second one repeats it in a language of its own",
}
"""How controllers are told to play MPE, by their profiles' names."""
ANY_SETTING: Final = "look in its settings for MPE, with a bend range of 48 semitones"


class Advice(NamedTuple):
    """One thing that was found."""

    about: str
    """What it is about, in a word or two."""
    is_well: bool
    sentence: str


def advise(profile: Profile, traits: Traits) -> list[Advice]:
    """Say what was found of a controller, and what to change."""
    found = [
        _spread(profile, traits),
        _zones(traits),
        _press(profile, traits),
        _slide(profile, traits),
        _strike(profile, traits),
        _lift(traits),
    ]
    return [one for one in found if one]


def advise_octave(profile: Profile, traits: Traits) -> Advice:
    """Judge the bend range by a finger that slid over an octave."""
    heard = traits.widest_bend * range_in_force_semitones(profile, traits)
    if traits.widest_bend < MIN_BEND:
        return Advice(
            "glide",
            is_well=False,
            sentence="No bend came: slide one finger to the same note above.",
        )
    if abs(heard - OCTAVE_SEMITONES) <= NEAR_SEMITONES:
        return Advice(
            "glide", is_well=True, sentence="An octave under your finger sounds an octave."
        )
    sends = OCTAVE_SEMITONES / traits.widest_bend
    return Advice(
        "glide",
        is_well=False,
        sentence=f"An octave under your finger sounds {heard:.1f} semitones: it bends "
        f"{sends:.0f} semitones where {range_in_force_semitones(profile, traits):g} are expected; "
        f"{_how(profile)}.",
    )


def range_in_force_semitones(profile: Profile, traits: Traits) -> float:
    """Say how far the widest bend of a finger is taken to go."""
    usual = {
        Mode.MPE: MEMBER_RANGE_SEMITONES,
        Mode.ONE_CHANNEL: ONE_CHANNEL_RANGE_SEMITONES,
        Mode.CHANNEL_PER_NOTE: CHANNEL_PER_NOTE_RANGE_SEMITONES,
    }[traits.mode]
    known = profile.bend_range_semitones if traits.mode is profile.mode else None
    return traits.bend_range_semitones or known or usual


def _how(profile: Profile) -> str:
    return SETTINGS.get(profile.name, ANY_SETTING)


def _spread(profile: Profile, traits: Traits) -> Advice | None:
    if not traits.n_strikes:
        return None
    if traits.mode is Mode.ONE_CHANNEL:
        return Advice(
            "fingers",
            is_well=False,
            sentence="All fingers share one channel, so that one finger's glide and slide move all "
            f"of them; {_how(profile)}.",
        )
    own = "MPE" if traits.mode is Mode.MPE else "a channel for each note"
    return Advice("fingers", is_well=True, sentence=f"Every finger is heard by itself ({own}).")


def _zones(traits: Traits) -> Advice | None:
    said = [
        f"the {word} zone has {n} channels"
        for word, n in (("lower", traits.lower_members), ("upper", traits.upper_members))
        if n
    ]
    if not said:
        return None
    sentence = " and ".join(said)
    return Advice("zones", is_well=True, sentence=f"It says itself that {sentence}.")


def _press(profile: Profile, traits: Traits) -> Advice | None:
    if not traits.n_strikes:
        return None
    if traits.press is None:
        return Advice(
            "press", is_well=False, sentence=f"No pressure came: lean on a key, or {_how(profile)}."
        )
    if traits.press == "key" and traits.mode is Mode.MPE:
        return Advice(
            "press",
            is_well=False,
            sentence=f"It sends key pressure, which MPE does not know; {_how(profile)}.",
        )
    return Advice(
        "press", is_well=True, sentence=f"Press comes as {traits.press} pressure and is heard."
    )


def _slide(profile: Profile, traits: Traits) -> Advice | None:
    if traits.slides:
        return Advice("slide", is_well=True, sentence="Slide comes as CC 74 and is heard.")
    if traits.has_wheel:
        return Advice(
            "slide",
            is_well=False,
            sentence="CC 1 comes where slide is CC 74, and turns the first macro instead; "
            f"{_how(profile)}.",
        )
    return None


def _strike(profile: Profile, traits: Traits) -> Advice | None:
    if traits.n_strikes < ENOUGH_STRIKES or profile.strikes_with_press:
        return None
    if traits.hardest_strike - traits.softest_strike < SAME_STRIKE:
        return Advice(
            "strike",
            is_well=False,
            sentence=f"Every note is struck with the same velocity ({traits.hardest_strike * 127:.0f});"
            " turn its fixed velocity off if you want to be heard soft and loud.",
        )
    return Advice("strike", is_well=True, sentence="Soft and hard strikes are told apart.")


def _lift(traits: Traits) -> Advice | None:
    if not traits.has_lift:
        return None
    return Advice("lift", is_well=True, sentence="How fast a finger leaves is heard too.")
