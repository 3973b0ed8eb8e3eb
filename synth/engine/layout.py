"""The engine's memory: every array that the compiled callback reads or writes, field by field."""

from typing import Any, Final, TypeAlias

import numpy as np

from synth.controls import (
    CODE_SIZE,
    N_CONTROLS,
    N_DECODER_INPUTS,
    N_NOISE_BANDS,
    N_TRANSIENT_BANDS,
    TRAJECTORY_SIZE,
)
from synth.patch import MEMORY_SIZE, N_MACROS, TOUCH_FIELDS

Record: TypeAlias = Any
"""One record of the arrays below, its fields as attributes, which is how compiled code sees it."""
Records: TypeAlias = Any
"""An array of such records."""

BLOCK_FRAMES: Final = 64
"""The engine advances in blocks of this size whatever the device asks for."""
LANES: Final = 16
"""Partials and decoder rows are padded to multiples of this many numbers."""
PADDED_PARTIALS: Final = 112
PADDED_INPUTS: Final = 32
PADDED_CONTROLS: Final = 256
MAX_VOICES: Final = 32
"""Voices that sound, held or in their tails."""
N_SLOTS: Final = 64
"""Places for voices: as many again as can sound hold stolen ones while they fade."""
TILE: Final = 4
"""Voices that the decoder takes at once."""
MAX_GRID: Final = 4
"""Directions of the code along which a lattice may have points."""
MAX_MIXED: Final = 2**MAX_GRID
"""Points of the code that a look-up may mix at each of its notes and loudnesses."""
N_NEAREST: Final = 4
"""Of a lattice of anchors, so many are mixed."""
MAX_ANCHORS: Final = 4096
N_PATCHES: Final = 128
N_ZONES: Final = 256
"""Sixteen ports of sixteen channels."""
N_FADERS: Final = 1 + N_MACROS
"""A zone's volume, then its macros."""
N_CHANNELS: Final = 2
RING_EVENTS: Final = 16384
OWN_EVENTS: Final = 1024
"""Room for what the engine decided itself and nobody has read yet."""

FREE: Final = 0
HELD: Final = 1
TAIL: Final = 2
FADING: Final = 3

STRIKE: Final = 0
MOVE: Final = 1
LIFT: Final = 2
STOP: Final = 3
ZONE_GLIDE: Final = 4
PANIC: Final = 5
LEVEL: Final = 6
MACRO: Final = 7
SELECT: Final = 8
SHED: Final = 9
PACE: Final = 10
"""Kinds of event. The first eight are told by the player's hands; SELECT gives the patch in slot
`touch` to strikes in `zone` (-1 for every zone); SHED fades the voice of `touch` and PACE sets the
blocks per control frame to `touch`, both when time runs short."""

EVENT: Final = np.dtype(
    [
        ("frame", np.int64),
        ("touch", np.int64),
        ("kind", np.int32),
        ("zone", np.int32),
        ("note", np.float32),
        ("strike", np.float32),
        ("press", np.float32),
        ("slide", np.float32),
        ("glide_semitones", np.float32),
        ("lift", np.float32),
        ("number", np.int64),
    ],
    align=True,
)

VOICE: Final = np.dtype(
    [
        ("touch", np.int64),
        ("start_frame", np.int64),
        ("lift_frame", np.int64),
        ("frame", np.int64),
        ("next_frame", np.int64),
        ("status", np.int32),
        ("patch", np.int32),
        ("zone", np.int32),
        ("n_partials", np.int32),
        ("transient_at", np.int32),
        ("fade_left", np.int32),
        ("note_frame", np.int64),
        ("note_from", np.float32),
        ("note_goal", np.float32),
        ("note", np.float32),
        ("strike", np.float32),
        ("press", np.float32),
        ("slide", np.float32),
        ("glide_semitones", np.float32),
        ("lift", np.float32),
        ("loudness_db", np.float32),
        ("pan_left", np.float32),
        ("pan_right", np.float32),
        ("way", np.float32),
        ("f0_hz", np.float64),
        ("memory", np.float32, (MEMORY_SIZE,)),
        ("trajectory", np.float32, (TRAJECTORY_SIZE,)),
        ("touch_frame", np.float32, (len(TOUCH_FIELDS),)),
        ("hz", np.float64, (PADDED_PARTIALS,)),
        ("phase_re", np.float32, (PADDED_PARTIALS,)),
        ("phase_im", np.float32, (PADDED_PARTIALS,)),
        ("step_re", np.float32, (PADDED_PARTIALS,)),
        ("step_im", np.float32, (PADDED_PARTIALS,)),
        ("chirp_re", np.float32, (PADDED_PARTIALS,)),
        ("chirp_im", np.float32, (PADDED_PARTIALS,)),
        ("amplitude", np.float32, (PADDED_PARTIALS,)),
        ("amplitude_step", np.float32, (PADDED_PARTIALS,)),
        ("amplitude_goal", np.float32, (PADDED_PARTIALS,)),
        ("noise", np.float32, (N_NOISE_BANDS,)),
        ("noise_step", np.float32, (N_NOISE_BANDS,)),
        ("noise_goal", np.float32, (N_NOISE_BANDS,)),
        ("transient_gain", np.float32, (N_TRANSIENT_BANDS,)),
    ],
    align=True,
)
"""`frame` is the time of the last control frame, `next_frame` of the next; the `*_goal` values are
reached at `next_frame`. `noise` is mean-square power a band, `hz` each partial's frequency at
`next_frame`. `note` is under way from `note_from` to `note_goal`, which it was given at
`note_frame`, and `way` is the one by which it wanders. A `transient_at` past the atoms' end means
that the transient is over."""

PATCH: Final = np.dtype(
    [
        ("map_address", np.uint64),
        ("blob_address", np.uint64),
        ("lattice_address", np.uint64),
        ("gain_db", np.float32),
        ("release_slow_s", np.float32),
        ("release_fast_s", np.float32),
        ("transient_db", np.float32),
        ("width", np.float32),
        ("legato_s", np.float32),
        ("wander", np.float32),
        ("macros", np.float32, (N_MACROS, TRAJECTORY_SIZE)),
        ("room_mix", np.float32),
        ("room_decay_s", np.float32),
        ("room_size", np.float32),
        ("room_damping_hz", np.float32),
    ],
    align=True,
)

LATTICE: Final = np.dtype(
    [
        ("n_grid", np.int32),
        ("n_anchors", np.int32),
        ("n_points", np.int32, (MAX_GRID,)),
        ("low", np.float32, (MAX_GRID,)),
        ("per_step", np.float32, (MAX_GRID,)),
        ("n_notes", np.int32),
        ("low_note", np.float32),
        ("per_note_step", np.float32),
        ("n_loudness", np.int32),
        ("low_db", np.float32),
        ("per_db_step", np.float32),
        ("centre", np.uint64),
        ("readers", np.uint64),
        ("anchors", np.uint64),
        ("table", np.uint64),
        ("n_rows", np.int64),
        ("offset", np.float32, (PADDED_CONTROLS,)),
        ("scale", np.float32, (PADDED_CONTROLS,)),
    ],
    align=True,
)
"""A decoder evaluated in advance, see `synth.lattice`; the four addresses are its arrays'."""

ROOM_LINES: Final = 8
ROOM_LINE_FRAMES: Final = 16384

ROOM: Final = np.dtype(
    [
        ("at", np.int64),
        ("switch_left", np.int32),
        ("quiet_blocks", np.int32),
        ("mix", np.float32),
        ("mix_goal", np.float32),
        ("decay_s", np.float32),
        ("size", np.float32),
        ("damping_hz", np.float32),
        ("gain", np.float32),
        ("lengths", np.int32, (ROOM_LINES,)),
        ("feedback", np.float32, (ROOM_LINES,)),
        ("damping", np.float32),
        ("low_pass", np.float32, (ROOM_LINES,)),
        ("lines", np.float32, (ROOM_LINES, ROOM_LINE_FRAMES)),
        ("taps", np.float32, (ROOM_LINES, BLOCK_FRAMES)),
    ],
    align=True,
)

CLOCK: Final = np.dtype(
    [
        ("sequence", np.int64, (1,)),
        ("origin_ns", np.float64),
        ("origin_frame", np.int64),
        ("ns_per_frame", np.float64),
        ("least_late_ns", np.float64),
        ("n_requests", np.int64),
        ("lead_frames", np.int64),
        ("larger", np.int64),
        ("larger_frames", np.int64),
        ("smaller", np.int64),
        ("smaller_frames", np.int64),
        ("host_time", np.float64),
        ("started", np.int64),
    ],
    align=True,
)

VIEW: Final = np.dtype(
    [
        ("touch", np.int64),
        ("status", np.int32),
        ("zone", np.int32),
        ("note", np.float32),
        ("strike", np.float32),
        ("press", np.float32),
        ("slide", np.float32),
        ("glide_semitones", np.float32),
        ("loudness_db", np.float32),
        ("f0_hz", np.float32),
        ("code", np.float32, (CODE_SIZE,)),
    ],
    align=True,
)

TELEMETRY: Final = np.dtype(
    [
        ("sequence", np.int64, (1,)),
        ("frame", np.int64),
        ("time_ns", np.int64),
        ("n_held", np.int32),
        ("n_voices", np.int32),
        ("dropouts", np.int64),
        ("late_events", np.int64),
        ("stolen", np.int64),
        ("shed", np.int64),
        ("non_finite", np.int64),
        ("peak", np.float32),
        ("limiter_gain", np.float32),
        ("load", np.float32),
        ("load_max", np.float32),
        ("lead_frames", np.int32),
        ("pace", np.int32),
        ("voices", VIEW, (N_SLOTS,)),
    ],
    align=True,
)
"""Written by the audio thread under a sequence lock. `load` is the share of the deadline spent,
averaged over about 0.3 s; `load_max` its highest single value, falling by half each second; `shed`
counts tails given up for lack of time, and `pace` is the blocks per control frame of old voices."""

STATE: Final = np.dtype(
    [
        ("frame", np.int64),
        ("head", np.int64, (1,)),
        ("tail", np.int64, (1,)),
        ("render_address", np.uint64),
        ("clock_address", np.uint64),
        ("clock_id", np.int32),
        ("out_channels", np.int32),
        ("out_left", np.int32),
        ("out_right", np.int32),
        ("pace", np.int32),
        ("n_layers", np.int32),
        ("rate_hz", np.float64),
        ("max_ahead_frames", np.int64),
        ("loudness_mean_db", np.float32),
        ("loudness_deviation_db", np.float32),
        ("limiter_gain", np.float32),
        ("previous_peak", np.float32),
        ("gap_time_s", np.float64),
        ("dropouts", np.int64),
        ("late_events", np.int64),
        ("stolen", np.int64),
        ("shed", np.int64),
        ("non_finite", np.int64),
        ("load", np.float32),
        ("load_max", np.float32),
        ("pressure", np.float32),
        ("late_share", np.float32),
        ("settle_frames", np.int64),
        ("calm_frames", np.int64),
        ("owed", np.int64),
        ("own_head", np.int64, (1,)),
        ("own", np.uint64),
        ("ring", np.uint64),
        ("voices", np.uint64),
        ("patches", np.uint64),
        ("clock", np.uint64),
        ("room", np.uint64),
        ("telemetry", np.uint64),
        ("layer_sizes", np.int32, (8,)),
        ("decoder", np.uint64),
        ("n_decoder", np.int64),
        ("low", np.float32, (PADDED_CONTROLS,)),
        ("high", np.float32, (PADDED_CONTROLS,)),
        ("weighting", np.uint64),
        ("noise_weighting", np.float32, (N_NOISE_BANDS,)),
        ("noise_loops", np.uint64),
        ("n_noise_loop", np.int64),
        ("noise_at", np.int64, (N_NOISE_BANDS,)),
        ("noise_gain", np.float32, (N_CHANNELS, N_NOISE_BANDS)),
        ("noise_power", np.float32, (N_CHANNELS, N_NOISE_BANDS)),
        ("atoms", np.uint64),
        ("zone_glide_semitones", np.float32, (N_ZONES,)),
        ("zone_patch", np.int32, (N_ZONES,)),
        ("zone_moving", np.int32, (N_ZONES,)),
        ("zone_gain", np.float32, (N_ZONES, 2)),
        ("fader", np.float32, (N_ZONES, N_FADERS)),
        ("fader_goal", np.float32, (N_ZONES, N_FADERS)),
        ("fader_left", np.int32, (N_ZONES, N_FADERS)),
        ("due", np.int32, (N_SLOTS,)),
        ("inputs", np.float32, (N_SLOTS, 256)),
        ("hidden", np.float32, (N_SLOTS, 256)),
        ("away", np.float32, (CODE_SIZE,)),
        ("along", np.float32, (CODE_SIZE,)),
        ("mixed", np.int64, (MAX_MIXED,)),
        ("share", np.float32, (MAX_MIXED,)),
        ("around", np.float32, (4,)),
        ("distance", np.float32, (MAX_ANCHORS,)),
        ("voice_out", np.float32, (BLOCK_FRAMES,)),
        ("dry", np.float32, (N_CHANNELS, BLOCK_FRAMES)),
        ("block", np.uint64),
    ],
    align=True,
)
"""The root: everything else hangs from it by address, so that the callback needs one pointer.
`head` counts events written, `tail` events consumed, `own_head` the engine's own written into `own`.
`zone_gain` is each zone's volume at the current block's start and end."""

assert PADDED_INPUTS >= N_DECODER_INPUTS
assert PADDED_CONTROLS >= N_CONTROLS
