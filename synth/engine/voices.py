"""Voices: where touches become sounding things, take turns, and end."""

import numpy as np
from numba import njit

from synth.engine import faders, partials, room
from synth.engine.layout import (
    FADING,
    FREE,
    HELD,
    LEVEL,
    LIFT,
    MACRO,
    MAX_VOICES,
    MOVE,
    N_PATCHES,
    N_SLOTS,
    N_ZONES,
    PACE,
    PANIC,
    SELECT,
    SHED,
    STOP,
    STRIKE,
    TAIL,
    ZONE_GLIDE,
    Record,
    Records,
)
from synth.engine.transients import ATOM_FRAMES
from synth.engine.wandering import set_out

FADE_FRAMES = 256
"""A stolen or stopped voice is gone after this many frames."""
TAIL_BONUS_DB = np.float32(30.0)
"""A tail is stolen before a held voice unless it is this much louder."""
MIN_PACE, MAX_PACE = 3, 12
"""Blocks per control frame of voices that are no longer young: at ease, and in the worst need."""
CENTRE_NOTE = np.float32(60.0)
SPREAD_NOTES = np.float32(36.0)


@njit(cache=True, error_model="numpy")
def _find(voices: Records, touch: int) -> int:
    for slot in range(N_SLOTS):
        if voices[slot].touch == touch and voices[slot].status in (HELD, TAIL):
            return slot
    return -1


@njit(cache=True, error_model="numpy")
def fade_out(voice: Record) -> None:
    """Begin the short fade that ends a voice without a click."""
    if voice.status in (HELD, TAIL):
        voice.status = FADING
        voice.fade_left = FADE_FRAMES


@njit(cache=True, error_model="numpy")
def heard_db(state: Record, voice: Record) -> np.float32:
    """How loud a voice is behind its zone's volume, for choosing who must go."""
    gain = max(state.zone_gain[voice.zone, 1], np.float32(1e-6))
    return np.float32(voice.loudness_db + np.float32(20.0) * np.log10(gain))


@njit(cache=True, error_model="numpy")
def _steal_if_full(state: Record, voices: Records) -> None:
    """Fade the quietest voice, tails first, when all are taken."""
    count, quietest, lowest_db = 0, -1, np.float32(1e9)
    for slot in range(N_SLOTS):
        voice = voices[slot]
        if voice.status not in (HELD, TAIL):
            continue
        count += 1
        bonus_db = TAIL_BONUS_DB if voice.status == TAIL else np.float32(0)
        level_db = heard_db(state, voice) - bonus_db
        if level_db < lowest_db:
            quietest, lowest_db = slot, level_db
    if count >= MAX_VOICES:
        fade_out(voices[quietest])
        state.stolen += 1


@njit(cache=True, error_model="numpy")
def _free_slot(voices: Records) -> int:
    """Find a free slot, or the one whose fade is nearest its end."""
    best, least = 0, FADE_FRAMES + 1
    for slot in range(N_SLOTS):
        voice = voices[slot]
        if voice.status == FREE:
            return slot
        if voice.status == FADING and voice.fade_left < least:
            best, least = slot, voice.fade_left
    return best


@njit(cache=True, error_model="numpy")
def _strike(state: Record, voices: Records, patches: Records, event: Record, frame: int) -> None:
    """Start a voice with its zone's patch; without one there is nothing to sound with."""
    if patches[state.zone_patch[event.zone % N_ZONES]].map_address == 0:
        return
    _steal_if_full(state, voices)
    voice = voices[_free_slot(voices)]
    voice.status, voice.touch, voice.zone = HELD, event.touch, event.zone % N_ZONES
    voice.patch = state.zone_patch[voice.zone]
    voice.start_frame = voice.frame = voice.next_frame = frame
    voice.lift_frame, voice.note_frame = -1, frame
    voice.note_from = voice.note_goal = event.note
    voice.note, voice.strike, voice.lift = event.note, event.strike, np.float32(0)
    voice.press, voice.slide = event.press, event.slide
    voice.glide_semitones = event.glide_semitones
    voice.loudness_db = np.float32(0)
    voice.memory[:] = 0.0
    voice.noise[:] = 0.0
    voice.noise_goal[:] = 0.0
    voice.noise_step[:] = 0.0
    voice.transient_at = ATOM_FRAMES
    place = min(max((event.note - CENTRE_NOTE) / SPREAD_NOTES, np.float32(-1)), np.float32(1))
    angle = (np.float32(1) + place * patches[voice.patch].width) * np.float32(np.pi / 4)
    voice.pan_left, voice.pan_right = np.cos(angle), np.sin(angle)
    set_out(voice)
    partials.start(voice)


@njit(cache=True, error_model="numpy")
def _lean(voice: Record, event: Record) -> None:
    voice.press, voice.slide = event.press, event.slide
    voice.glide_semitones = event.glide_semitones


@njit(cache=True, error_model="numpy")
def _move(voice: Record, event: Record, frame: int) -> None:
    """Give a touch its dimensions; a new note is reached in the patch's own time."""
    _lean(voice, event)
    voice.strike = event.strike
    if event.note != voice.note_goal:
        voice.note_from, voice.note_goal = voice.note, event.note
        voice.note_frame = frame


@njit(cache=True, error_model="numpy")
def _panic(voices: Records, hall: Record) -> None:
    for slot in range(N_SLOTS):
        fade_out(voices[slot])
    hall.switch_left = room.SWITCH_BLOCKS


@njit(cache=True, error_model="numpy")
def _tell(voices: Records, event: Record, frame: int) -> None:
    """Give a move, lift or stop to the touch's voice, if it still sounds."""
    slot = _find(voices, event.touch)
    if slot < 0:
        return
    voice = voices[slot]
    if event.kind == STOP:
        fade_out(voice)
    elif voice.status == HELD and event.kind == MOVE:
        _move(voice, event, frame)
    elif voice.status == HELD:
        _lean(voice, event)
        voice.status = TAIL
        voice.lift, voice.lift_frame = event.lift, frame


@njit(cache=True, error_model="numpy")
def _select(state: Record, patches: Records, hall: Record, event: Record) -> None:
    """Give strikes to come another patch; the room becomes that of the patch selected last."""
    slot = np.int32(event.touch % N_PATCHES)
    if event.zone < 0:
        state.zone_patch[:] = slot
    else:
        state.zone_patch[event.zone % N_ZONES] = slot
    room.aim(hall, patches[slot])


@njit(cache=True, error_model="numpy")
def shed(state: Record, voices: Records, touch: int) -> None:
    """Fade a touch's tail for lack of time."""
    slot = _find(voices, touch)
    if slot >= 0 and voices[slot].status == TAIL:
        fade_out(voices[slot])
        state.shed += 1


@njit(cache=True, error_model="numpy")
def set_pace(state: Record, blocks: int) -> None:
    """Let old voices have a control frame every so many blocks from their next one on."""
    state.pace = np.int32(min(max(blocks, MIN_PACE), MAX_PACE))


@njit(cache=True, error_model="numpy")
def apply(state: Record, voices: Records, patches: Records, hall: Record, event: Record) -> None:
    """Let one event act, at its own frame or, when that is past, at the start of this block."""
    frame = max(event.frame, state.frame)
    kind = event.kind
    if kind == STRIKE:
        _strike(state, voices, patches, event, frame)
    elif kind in (MOVE, LIFT, STOP):
        _tell(voices, event, frame)
    elif kind == ZONE_GLIDE:
        state.zone_glide_semitones[event.zone % N_ZONES] = event.glide_semitones
    elif kind == SELECT:
        _select(state, patches, hall, event)
    elif kind == PANIC:
        _panic(voices, hall)
    elif kind in (LEVEL, MACRO):
        faders.send(state, event)
    elif kind == SHED:
        shed(state, voices, event.touch)
    elif kind == PACE:
        set_pace(state, event.touch)
