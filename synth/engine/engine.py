"""The engine: one instrument's sounding state, and the calls that feed and render it."""

import numpy as np
from numpy.typing import NDArray

from synth import decoder
from synth.controls import TOP_RATIO, hz_to_note, k_weighting_db, noise_centres_hz, note_to_hz
from synth.engine import clock as clocks
from synth.engine import faders, noise, transients, voices
from synth.engine import telemetry as telemetries
from synth.engine.callback import N_WEIGHTING, callback, publish, render_frames
from synth.engine.layout import (
    BLOCK_FRAMES,
    CLOCK,
    EVENT,
    MAX_VOICES,
    N_CHANNELS,
    N_PATCHES,
    N_SLOTS,
    OWN_EVENTS,
    PATCH,
    RING_EVENTS,
    ROOM,
    SELECT,
    STATE,
    TELEMETRY,
    VOICE,
    Records,
)
from synth.engine.log import Log
from synth.engine.partials import WEIGHTING_STEPS_PER_NOTE
from synth.engine.rack import Rack
from synth.engine.ring import Event, Writer
from synth.patch import Patch
from synth.space import Space

__all__ = ["BLOCK_FRAMES", "MAX_VOICES", "N_CHANNELS", "Engine", "Event"]


def _weighting_table() -> NDArray[np.float32]:
    """K-weighting as a power gain over note number, a few steps a note."""
    notes = np.arange(N_WEIGHTING) / WEIGHTING_STEPS_PER_NOTE
    return (10.0 ** (k_weighting_db(note_to_hz(notes)) / 10)).astype(np.float32)


def _address(array: NDArray[np.generic]) -> int:
    return int(array.ctypes.data)


class Engine:
    """Everything that sounds, advanced in blocks of `BLOCK_FRAMES` by one compiled function.

    Live, a device calls `callback_address` with `state_address`; offline, `render` runs the same
    machine code, so the same events at the same frames give the same samples.

    Unless a method says otherwise it may be called from any one thread but never from the audio
    thread, and it is not real-time safe.
    """

    def __init__(self, space: Space, *, rate_hz: float = 48_000.0) -> None:
        self.space = space
        self.rate_hz = rate_hz
        self._state = np.zeros(1, STATE)
        self._ring = np.zeros(RING_EVENTS, EVENT)
        self._voices = np.zeros(N_SLOTS, VOICE)
        self._patches = np.zeros(N_PATCHES, PATCH)
        self._clock = np.zeros(1, CLOCK)
        self._room = np.zeros(1, ROOM)
        self._own = np.zeros(OWN_EVENTS, EVENT)
        self._block = np.zeros((N_CHANNELS, BLOCK_FRAMES), np.float32)
        self.telemetry = np.zeros(1, TELEMETRY)
        self._writer = Writer(self._state, self._ring)
        self._rack = Rack(self._state, self._voices, self._patches, self._writer)
        self._log = Log(self._state, self._ring, self._own)
        self._set_up()

    def _set_up(self) -> None:
        """Fill the state and hang every array from it."""
        state = self._state[0]
        state["rate_hz"] = self.rate_hz
        state["render_address"] = render_frames.address
        state["clock_address"], state["clock_id"] = clocks.clock_source()
        state["limiter_gain"] = 1.0
        state["gap_time_s"] = np.nan
        state["max_ahead_frames"] = 2**62
        state["pace"] = voices.MIN_PACE
        faders.reset(state)
        self.send_to(N_CHANNELS, 0, 1)
        self._voices["touch"] = -1
        self._clock["lead_frames"] = BLOCK_FRAMES
        self._clock["ns_per_frame"] = 1e9 / self.rate_hz
        self._room["quiet_blocks"] = 2**30
        self._load_space()
        self._make_tables()
        for name in ("ring", "voices", "patches", "clock", "room", "block", "own"):
            state[name] = _address(getattr(self, f"_{name}"))
        state["telemetry"] = _address(self.telemetry)

    def _load_space(self) -> None:
        state, card = self._state[0], self.space.card
        self._decoder = np.zeros(0, np.float32)
        if decoder.plays_live(self.space):
            self._decoder, sizes = decoder.pack(self.space)
            state["n_layers"] = len(sizes) - 1
            state["layer_sizes"][: len(sizes)] = sizes
        state["decoder"], state["n_decoder"] = _address(self._decoder), len(self._decoder)
        state["loudness_mean_db"] = card.loudness_mean_db
        state["loudness_deviation_db"] = card.loudness_deviation_db
        state["low"][: len(self.space.low)] = self.space.low
        state["high"][: len(self.space.high)] = self.space.high

    def _make_tables(self) -> None:
        state = self._state[0]
        self._weighting = _weighting_table()
        self._loops = noise.make_loops(self.rate_hz)
        self._atoms = transients.make_atoms(self.rate_hz)
        state["weighting"] = _address(self._weighting)
        state["noise_loops"], state["n_noise_loop"] = _address(self._loops), self._loops.shape[1]
        state["atoms"] = _address(self._atoms)
        steps = WEIGHTING_STEPS_PER_NOTE * hz_to_note(noise_centres_hz())
        state["noise_weighting"] = self._weighting[np.clip(steps.astype(int), 0, N_WEIGHTING - 1)]
        state["noise_weighting"][noise_centres_hz() > TOP_RATIO * self.rate_hz] = 0.0
        state["noise_at"] = noise.loop_starts(self._loops.shape[1] - BLOCK_FRAMES)

    @property
    def callback_address(self) -> int:
        """Address of the compiled PortAudio callback."""
        return int(callback.address)

    @property
    def state_address(self) -> int:
        """Address to give the callback as its user data."""
        return _address(self._state)

    @property
    def frame(self) -> int:
        """Frames rendered so far; any thread."""
        return int(self._state[0]["frame"])

    def install(self, patch: Patch) -> int:
        """Put a patch into a slot that nothing uses and return the slot; housekeeping thread.

        No slot is taken that any zone holds, any voice still sounds with or any event on its way
        selects. A patch that was installed before and not yet replaced keeps its slot. Slots are
        taken in turn, so one that was never selected lasts until all others have been taken.

        Raises
        ------
        RuntimeError
            When every slot is in use.
        SpaceError
            When the space's decoder is too large to run live, and the patch has no lattice.
        """
        if patch.lattice is None and not len(self._decoder):
            decoder.pack(self.space)
        return self._rack.install(patch)

    def select(self, slot: int, frame: int = 0, zone: int = -1) -> None:
        """Give a zone, or with -1 all of them, the patch in `slot`; the events' writer.

        Touches struck from `frame` on sound with it; those that sound keep their own until their
        tails end. There is one room, and it becomes that of the patch selected last.
        """
        self.push(Event(frame, slot, SELECT, zone))

    def push(self, event: Event) -> None:
        """Give the engine one event; the events' one writer, or several under one lock.

        Events act in the order in which they are pushed. One whose frame is past when the engine
        comes to it acts at the start of the block then due, one further ahead than four buffers
        likewise. When the ring is full, events wait outside it: expression as the newest of its
        kind for a touch or zone, so that older ones never act; all others in order, none lost.
        """
        self._writer.push(event)

    def flush(self) -> None:
        """Write events that waited for room in the ring; the events' writer."""
        self._writer.flush()

    def frame_at(self, time_s: float) -> int:
        """Place a moment of `time.perf_counter()`: the frame at which its event must sound.

        Before the device has asked for its first buffer this is 0, which means at once.
        """
        return int(clocks.frame_at(self._clock, int(time_s * 1e9)))

    def applied_events(self) -> Records:
        """Events that acted since the last call, as records of `layout.EVENT`, in order.

        Each holds the frame at which it really acted and the `number` it was pushed with. Among
        them are the engine's own, SHED and PACE, each before the other events of its block. Pushed
        in this order into a fresh engine with the same patches in the same slots, they give the
        same samples. Housekeeping thread, often enough that fewer than `RING_EVENTS` events come
        between calls: older ones are lost to it, and `n_unlogged` counts them.
        """
        return self._log.take()

    @property
    def n_unlogged(self) -> int:
        """Events that acted but were overwritten before `applied_events` could tell of them."""
        return self._log.n_lost

    def send_to(self, n_channels: int, left: int, right: int) -> None:
        """Say how the device's buffers are laid out: so many channels, ours counted from 0.

        Main thread, while no device asks for sound.
        """
        state = self._state[0]
        state["out_channels"], state["out_left"], state["out_right"] = n_channels, left, right

    def publish_to(self, view: Records) -> None:
        """Publish the telemetry into other memory, one record of `layout.TELEMETRY`.

        Main thread, while no device asks for sound.
        """
        view[:] = 0
        self.telemetry = view
        self._state[0]["telemetry"] = _address(view)

    def render(self, n_frames: int) -> NDArray[np.float32]:
        """Render offline.

        Returns
        -------
        NDArray
            The next frames, rounded up to whole blocks, shape (n_frames, 2).
        """
        n_blocks = -(-n_frames // BLOCK_FRAMES)
        out = np.empty((n_blocks * BLOCK_FRAMES, N_CHANNELS), np.float32)
        self.send_to(N_CHANNELS, 0, 1)
        render_frames.ctypes(self.state_address, _address(out), len(out))
        publish(self._state, 0)
        return out

    def parts(self) -> dict[str, Records]:
        """Show the arrays that the callback works on, by name, for measurements; main thread."""
        return {
            "state": self._state,
            "voices": self._voices,
            "patches": self._patches,
            "decoder": self._decoder,
            "loops": self._loops,
        }

    def snapshot(self) -> telemetries.Snapshot:
        """Read the telemetry that the last device request or rendering left; any thread."""
        return telemetries.read(self.telemetry)
