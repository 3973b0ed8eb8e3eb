"""Control frames: for each voice that is due, touch to trajectory to controls to ramps."""

import numpy as np
from numba import carray, njit
from numpy.typing import NDArray

from synth.controls import (
    CODE_SIZE,
    N_NOISE_BANDS,
    NOISE,
    PITCH_CENTRES_NOTES,
    PITCH_WIDTH_NOTES,
    TRAJECTORY_SIZE,
)
from synth.decoder import MAX_WIDTH, decode_tile
from synth.engine import noise, partials, transients
from synth.engine.faders import FIRST_MACRO
from synth.engine.intrinsics import FAST, as_pointer, call_map
from synth.engine.layout import (
    BLOCK_FRAMES,
    FREE,
    LATTICE,
    N_SLOTS,
    PADDED_CONTROLS,
    TAIL,
    TILE,
    Record,
    Records,
)
from synth.engine.lookup import look_up
from synth.engine.voices import fade_out
from synth.engine.wandering import wandered
from synth.patch import N_MACROS

Array = NDArray[np.float32]

YOUNG_S = 0.060
"""While a touch's note is younger than this it has a control frame in every block; after that, one
in `pace` blocks."""
END_DB = np.float32(-96.0)
"""A tail whose loudness has fallen to this is over."""
MIN_CORRECTION = np.float32(1e-3)
MAX_CORRECTION = np.float32(15.85)
"""Bounds of the power by which a frame is rescaled to its loudness: -30 to +12 dB."""
_NOISE_AT = NOISE.start
_LOWEST = np.array([-100.0] * CODE_SIZE + [-120.0, -12_000.0], np.float32)
_HIGHEST = np.array([100.0] * CODE_SIZE + [12.0, 12_000.0], np.float32)
"""Bounds of any trajectory, whatever a mapping says: code, loudness in dB, pitch offset in cents."""
_CENTRES = PITCH_CENTRES_NOTES.astype(np.float32)


@njit(cache=True, error_model="numpy")
def find_due(state: Record, voices: Records, end_frame: int) -> int:
    """List the slots whose next control frame falls before `end_frame`; return how many."""
    count = 0
    for slot in range(N_SLOTS):
        if voices[slot].status != FREE and voices[slot].next_frame < end_frame:
            state.due[count] = slot
            count += 1
    return count


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _clamp(values: Array, low: Array, high: Array) -> None:
    """Keep each value within its bounds; what is not a number becomes the lower one."""
    for i in range(len(low)):
        values[i] = min(high[i], max(low[i], values[i]))


@njit(cache=True, error_model="numpy")
def _ramp_frames(state: Record, voice: Record) -> int:
    """How far it is from the voice's due control frame to the one after."""
    young = voice.next_frame - voice.note_frame < YOUNG_S * state.rate_hz
    return BLOCK_FRAMES if young else state.pace * BLOCK_FRAMES


@njit(cache=True, error_model="numpy")
def _legato(state: Record, voice: Record, patch: Record) -> None:
    """Move the note towards its goal, to where it must be when the coming ramp ends."""
    if voice.note == voice.note_goal:
        return
    arrival_frame = voice.next_frame + _ramp_frames(state, voice)
    since_s = max(arrival_frame - voice.note_frame, 0) / state.rate_hz
    if since_s >= patch.legato_s:
        voice.note = voice.note_goal
        return
    x = np.float32(since_s / patch.legato_s)
    eased = x * x * (np.float32(3) - np.float32(2) * x)
    voice.note = voice.note_from + (voice.note_goal - voice.note_from) * eased


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _add_macros(state: Record, voice: Record, patch: Record) -> None:
    trajectory = voice.trajectory
    for macro in range(N_MACROS):
        value = state.fader[voice.zone, FIRST_MACRO + macro]
        if patch.wander > np.float32(0):
            value += patch.wander * wandered(voice.way, macro, voice.touch_frame[6])
        if value != np.float32(0):
            for i in range(TRAJECTORY_SIZE):
                trajectory[i] += value * patch.macros[macro, i]


@njit(cache=True, error_model="numpy")
def map_touch(state: Record, voice: Record, patch: Record) -> None:
    """Let the patch's mapping turn the touch as it now stands into a trajectory frame."""
    frame, rate_hz = voice.next_frame, state.rate_hz
    _legato(state, voice, patch)
    touch = voice.touch_frame
    touch[0], touch[1], touch[2] = voice.strike, voice.press, voice.slide
    touch[3] = voice.glide_semitones + state.zone_glide_semitones[voice.zone]
    touch[4], touch[5] = voice.lift, voice.note
    touch[6] = np.float32((frame - voice.start_frame) / rate_hz)
    lifted = voice.lift_frame >= 0
    touch[7] = np.float32(max(frame - voice.lift_frame, 0) / rate_hz) if lifted else np.float32(-1)
    touch[8] = np.float32((frame - voice.frame) / rate_hz)
    call_map(
        patch.map_address,
        touch.ctypes.data,
        voice.memory.ctypes.data,
        patch.blob_address,
        voice.trajectory.ctypes.data,
    )
    _add_macros(state, voice, patch)
    _clamp(voice.trajectory, _LOWEST, _HIGHEST)


@njit(cache=True, error_model="numpy")
def release_db(voice: Record, patch: Record, rate_hz: float) -> np.float32:
    """How far the release has lowered a lifted voice: 60 dB over the time its lift asks for."""
    if voice.lift_frame < 0:
        return np.float32(0)
    ratio = patch.release_fast_s / patch.release_slow_s
    release_s = patch.release_slow_s * ratio**voice.lift
    since_s = max(voice.next_frame - voice.lift_frame, 0) / rate_hz
    return np.float32(-60.0 * since_s / release_s)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _fill_inputs(state: Record, voice: Record, x: Array) -> None:
    """Write one decoder input row; `synth.controls.decoder_inputs` states its layout."""
    x[:] = 0.0
    for i in range(CODE_SIZE):
        x[i] = voice.trajectory[i]
    loudness_db = voice.trajectory[CODE_SIZE]
    x[CODE_SIZE] = (loudness_db - state.loudness_mean_db) / state.loudness_deviation_db
    note = np.float32(69.0 + 12.0 * np.log2(voice.f0_hz / 440.0))
    x[CODE_SIZE + 1] = (note - np.float32(60.0)) / np.float32(24.0)
    for i in range(len(_CENTRES)):
        away = (note - _CENTRES[i]) / np.float32(PITCH_WIDTH_NOTES)
        x[CODE_SIZE + 2 + i] = np.exp(np.float32(-0.5) * away * away)


@njit(cache=True, error_model="numpy")
def trajectories(state: Record, voices: Records, patches: Records, n_due: int) -> None:
    """Map the due voices' touches and write their decoder inputs, padded to whole tiles."""
    for i in range(n_due):
        voice = voices[state.due[i]]
        map_touch(state, voice, patches[voice.patch])
        note = voice.note + voice.touch_frame[3] + voice.trajectory[CODE_SIZE + 1] * 0.01
        voice.f0_hz = 440.0 * 2.0 ** ((min(max(note, -36.0), 160.0) - 69.0) / 12.0)
        _fill_inputs(state, voice, state.inputs[i])
    for i in range(n_due, -(-n_due // TILE) * TILE):
        state.inputs[i, :] = 0.0


@njit(cache=True, error_model="numpy")
def _is_cached(state: Record, voices: Records, patches: Records, i: int) -> bool:
    return patches[voices[state.due[i]].patch].lattice_address != 0


@njit(cache=True, error_model="numpy")
def _all_cached(state: Record, voices: Records, patches: Records, first: int, end: int) -> bool:
    n_cached = 0
    for i in range(first, end):
        n_cached += _is_cached(state, voices, patches, i)
    return n_cached == end - first


@njit(cache=True, error_model="numpy")
def _look_up_voice(state: Record, voice: Record, patch: Record, controls: Array) -> None:
    """Take a voice's controls from its patch's lattice, where the decoder's would be."""
    lattice = carray(as_pointer(patch.lattice_address), (1,), LATTICE)
    for j in range(CODE_SIZE):
        state.away[j] = voice.trajectory[j]
    note = np.float32(69.0 + 12.0 * np.log2(voice.f0_hz / 440.0))
    scratch = (state.mixed, state.share, state.around, state.along, state.distance)
    look_up(lattice[0], state.away, note, voice.trajectory[CODE_SIZE], scratch, controls)


@njit(cache=True, error_model="numpy")
def decode_due(
    state: Record, voices: Records, patches: Records, decoder: Array, n_due: int
) -> None:
    """Decode the due voices, tile by tile, or look them up; their controls replace their inputs.

    A tile in which every voice is looked up costs no network.
    """
    for first in range(0, n_due, TILE):
        end = min(first + TILE, n_due)
        if not _all_cached(state, voices, patches, first, end):
            decode_tile(
                decoder,
                state.layer_sizes,
                state.n_layers,
                state.inputs[first : first + TILE],
                state.hidden[first : first + TILE],
            )
    for i in range(n_due):
        if _is_cached(state, voices, patches, i):
            voice = voices[state.due[i]]
            _look_up_voice(state, voice, patches[voice.patch], state.inputs[i, :PADDED_CONTROLS])


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _noise_levels(controls: Array, weighting: Array, powers: Array) -> np.float32:
    """Write the noise bands' powers re loudness; return their K-weighted sum."""
    total = np.float32(0)
    for band in range(N_NOISE_BANDS):
        level = partials.db_to_ratio(controls[_NOISE_AT + band])
        powers[band] = level * level
        total += weighting[band] * powers[band]
    return total


@njit(cache=True, error_model="numpy")
def _gain(voice: Record, patch: Record, power: float, rate_hz: float) -> np.float32:
    """Gain that gives the frame its loudness: what was asked is what sounds."""
    correction = min(max(np.float32(1.0 / max(power, 1e-12)), MIN_CORRECTION), MAX_CORRECTION)
    released_db = release_db(voice, patch, rate_hz)
    level_db = voice.trajectory[CODE_SIZE] + patch.gain_db + released_db
    voice.loudness_db = level_db
    over = voice.status == TAIL and (level_db < END_DB or released_db < END_DB)
    if over:
        fade_out(voice)
    return (
        np.float32(0) if over else np.float32(partials.db_to_ratio(level_db) * np.sqrt(correction))
    )


@njit(cache=True, error_model="numpy")
def set_ramps(
    state: Record, voice: Record, patch: Record, controls: Array, weighting: Array
) -> None:
    """Aim the voice's partials and noise at its controls, to be reached at its next frame."""
    rate_hz = state.rate_hz
    frame = voice.next_frame
    striking = frame == voice.start_frame
    ramp_frames = _ramp_frames(state, voice)
    _clamp(controls, state.low, state.high)
    levels, powers = state.hidden[0], state.hidden[1]
    voice.frame = frame
    partials.set_frequencies(voice, controls, voice.f0_hz, ramp_frames, rate_hz)
    power = partials.weighted_power(voice, controls, weighting, rate_hz, levels)
    power += _noise_levels(controls, state.noise_weighting, powers)
    gain = _gain(voice, patch, power, rate_hz)
    partials.set_amplitudes(voice, levels, gain, ramp_frames)
    noise.set_powers(voice, powers, gain * gain, ramp_frames)
    if striking:
        transients.start(voice, controls, gain * partials.db_to_ratio(patch.transient_db))
    voice.next_frame = frame + ramp_frames


assert MAX_WIDTH >= PADDED_CONTROLS
