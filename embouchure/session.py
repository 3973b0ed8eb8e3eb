"""A session: bytes from any number of MIDI ports become touches of one engine, and are kept."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from embouchure.choice import Choice, Chooser
from embouchure.hand_choice import HandChoice
from embouchure.instrument import Sound, load_sound
from embouchure.kernel_cache import kernel_version
from embouchure.notebook import Kept, Notebook
from embouchure.play_settings import PlaySettings
from embouchure.programs import Programs
from embouchure.songs import Songs
from mapper.faders import N_MACROS
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.manner import Manner
from mapper.performance import Played
from mapper.stepping import StepControls
from mapper.touch import EVERY_ZONE, N_PORTS, Kind, TouchEvent, zone_number
from mapper.tuning import Tuning
from mapper.zones import LOWER, UPPER
from presets.setlists import load_setlist
from synth.engine.engine import BLOCK_FRAMES, Engine, Event
from synth.engine.layout import EVENT
from synth.space import Space, SpaceError


def event_at(frame: int, event: TouchEvent) -> Event:
    """Say a touch event in the engine's terms, at one of its frames."""
    return Event(frame, event.touch, int(event.kind), *event[3:])


ASKING: Final = frozenset({Kind.PROGRAM, Kind.STEP})
"""What is for the chooser and not for the engine."""
ZONE_MANAGERS: Final = {"upper": UPPER, "lower": LOWER}
"""In the order in which they are selected: the last one's room is the one heard."""


class Tap(Protocol):
    """Hears what is played, and must not wait."""

    def hear(self, port: int, data: bytes) -> None:
        """Take bytes that arrived at a port."""

    def release(self, port: int | None = None) -> None:
        """End what a port holds, or without one everything."""


class Session:
    """What stands between the MIDI ports and the engine.

    One lock orders everything, so what is handed over for the journal is in the order in which it
    was pushed to the engine.

    Parameters
    ----------
    engine
        Sounds the touches.
    frame_at
        Gives the engine frame at which an event that arrives at a time in seconds must sound:
        `engine.frame_at` live.
    listeners
        How the ports' bytes are understood; without it as each port's own traffic tells.
    chooser
        What program changes choose from, and what steps go through; without it they do nothing.
    hands
        Whose hand plays on which controller; without it touches are as the controllers say.
    is_cached
        Whether presets take their controls from their caches, where they have one.
    """

    def __init__(
        self,
        engine: Engine,
        frame_at: Callable[[float], int],
        listeners: Listeners | None = None,
        chooser: Chooser | None = None,
        hands: HandChoice | None = None,
        *,
        is_cached: bool = False,
    ) -> None:
        self._engine = engine
        self._frame_at = frame_at
        self._listeners = listeners or Listeners()
        self._chooser = chooser
        self._choice = hands
        self._hands: dict[int | None, dict[str, Any] | None] = {}
        self._sounds: dict[int, Sound] = {}
        self._placed: Sound | None = None
        self._is_cached = is_cached
        self._cached_choice: bool | None = None
        self._manners: dict[int, Manner] = {}
        self._is_reordered = self._is_bound = False
        self._macros = [0.0] * N_MACROS
        self._set_macros: dict[int, float] = {}
        self._notebook = Notebook(engine)
        for sentence in hands.troubles if hands else ():
            self._notebook.notice(f"{sentence}.")
        self._tap: Tap | None = None
        self._lock = threading.Lock()

    def name(self, port: int, name: str) -> None:
        """Say what a port is called, before it is heard; any thread."""
        with self._lock:
            self._notebook.name(port, name)
            self._listeners.name(port, name)
            self._take_up_hand(port)

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes that arrived at a port, and keep them for the journal; any thread."""
        with self._lock:
            self._notebook.hear(Played(time_s, port, data))
            self._push(self._listeners.hear(data, time_s, port))
            if self._tap:
                self._tap.hear(port, data)

    def tap(self, tap: Tap | None) -> None:
        """Let another hear what is played on the ports from now on; any thread."""
        with self._lock:
            self._tap = tap

    def perform(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes without keeping them; any thread."""
        with self._lock:
            self._push(self._listeners.hear(data, time_s, port))

    def push(self, events: list[TouchEvent]) -> None:
        """Play touches that no port sent; any thread."""
        with self._lock:
            self._push(events)

    def release(self, time_s: float, port: int) -> bool:
        """End every touch of a port, as when its controller is unplugged; any thread.

        Returns whether there was any.
        """
        with self._lock:
            self._notebook.call(time_s, "release", port=port)
            events = self._listeners.release(time_s, port)
            self._push(events)
            if self._tap:
                self._tap.release(port)
        return any(event.kind is Kind.LIFT for event in events)

    def release_all(self, time_s: float) -> None:
        """End every touch; any thread."""
        with self._lock:
            self._notebook.call(time_s, "release_all")
            self._push(self._listeners.release_all(time_s))
            if self._tap:
                self._tap.release()

    def panic(self, time_s: float) -> None:
        """Silence everything at once, tails and room too; any thread."""
        with self._lock:
            self._notebook.call(time_s, "panic")
            self._push(self._listeners.panic(time_s))
            if self._tap:
                self._tap.release()

    def select(self, time_s: float, sound: Sound, zone: int = EVERY_ZONE) -> None:
        """Let what is struck from now on sound by another preset; any thread but the audio thread.

        Touches that sound keep theirs until their tails end. `zone` is a `zone_number`.

        Raises
        ------
        RuntimeError
            When sounding voices hold every slot of the engine.
        """
        if self._is_cached:
            sound.warm()
        with self._lock:
            self._select(self._frame_at(time_s), time_s, sound, zone)

    def select_zones(self, time_s: float, sounds: Mapping[str, Sound]) -> None:
        """Select presets for the lower or the upper zone of every port, by these words."""
        for word, manager in ZONE_MANAGERS.items():
            if sound := sounds.get(word):
                for port in range(N_PORTS):
                    self.select(time_s, sound, zone_number(port, manager))

    def take(self, time_s: float, choice: Choice) -> None:
        """Let what is struck from now on be as chosen; any thread."""
        with self._lock:
            self._take(self._frame_at(time_s), time_s, choice)

    def go_to(self, time_s: float, place: int) -> None:
        """Go to a place in the order of presets, from 0; any thread."""
        with self._lock:
            if self._chooser and (choice := self._chooser.at(place)):
                self._take(self._frame_at(time_s), time_s, choice)

    def go_through(self, time_s: float, chooser: Chooser, first: Choice | None = None) -> None:
        """Let programs and steps choose among other presets, and begin with the first; any thread."""
        if self._is_cached:
            chooser.warm()
        with self._lock:
            self._chooser, self._is_reordered, self._placed = chooser, True, None
            if first:
                self._take(self._frame_at(time_s), time_s, first)

    def order(self) -> str | None:
        """Tell the name of the setlist that is gone through, if one is; any thread."""
        with self._lock:
            return self._chooser.name if self._chooser else None

    def is_reordered(self) -> bool:
        """Tell whether it goes through another setlist, or none, than it began with; any thread."""
        with self._lock:
            return self._is_reordered

    def bind(self, macro_controls: Sequence[int], steps: StepControls) -> None:
        """Let these controllers turn the macros and these step from now on; any thread."""
        with self._lock:
            self._is_bound = True
            self._listeners.bind_macros(macro_controls)
            self._listeners.step_by(steps)

    def is_bound(self) -> bool:
        """Tell whether `bind` was called; any thread."""
        with self._lock:
            return self._is_bound

    def bindings(self) -> tuple[tuple[int, ...], StepControls]:
        """Tell which controllers turn the macros and which step; any thread."""
        with self._lock:
            return self._listeners.bindings()

    def place(self) -> int | None:
        """Tell where in an order of presets the player is, from 0, if there is one; any thread."""
        with self._lock:
            return self._chooser.place if self._chooser else None

    def set_tuning(self, time_s: float, tuning: Tuning) -> None:
        """Let what is struck from now on be tuned so; any thread."""
        with self._lock:
            self._notebook.call(time_s, "tuning", notes=tuning.notes)
            self._listeners.set_tuning(tuning)

    def set_manner(self, time_s: float, manner: Manner, zone: int = EVERY_ZONE) -> None:
        """Let what is struck from now on be played so; any thread.

        How far the strike counts is in the preset itself and does not change here.
        """
        with self._lock:
            self._notebook.call(time_s, "manner", zone=zone, **manner.model_dump())
            _put(self._manners, zone, manner)
            self._listeners.set_manner(manner, None if zone == EVERY_ZONE else zone)

    def step(self, time_s: float, step: int) -> None:
        """Go to the next place in the order of presets, or with -1 back; any thread."""
        with self._lock:
            self._push([TouchEvent(time_s, Kind.STEP, step, EVERY_ZONE)])

    def set_macro(self, time_s: float, number: int, value: float) -> None:
        """Turn one of the four macros, from 0, to a value 0-1 in every zone; any thread."""
        with self._lock:
            self._push([TouchEvent(time_s, Kind.MACRO, number, EVERY_ZONE, press=value)])
            self._listeners.let_macro_go(number)
            self._set_macros[number] = value

    def macros(self) -> list[float]:
        """Tell where the four macros were turned to last, in whatever zone; any thread."""
        with self._lock:
            return list(self._macros)

    def set_macros(self) -> dict[int, float]:
        """Tell the macros that `set_macro` turned and no controller since; any thread."""
        with self._lock:
            return dict(self._set_macros)

    def set_cached(self, time_s: float, *, is_cached: bool) -> None:
        """Let what is struck from now on take its controls from caches, or from the decoder again.

        Any thread but the audio thread; it may wait for the disk before anything waits for it.
        Touches that sound keep what they were struck with, and manners stay.

        Raises
        ------
        RuntimeError
            When sounding voices hold every slot of the engine.
        SpaceError
            When the space's decoder is too large to run live, and there is no cache.
        """
        with self._lock:
            chosen, chooser = list(self._sounds.values()), self._chooser
        if is_cached:
            for sound in chosen:
                sound.warm()
            if chooser:
                chooser.warm()
        with self._lock:
            frame = self._frame_at(time_s)
            for zone, sound in self._sounds.items():
                self._give(frame, time_s, sound, zone, is_cached=is_cached)
            self._is_cached = self._cached_choice = is_cached
            source = "their cache" if is_cached else "the decoder"
            self._notebook.notice(f"New notes take their controls from {source}.")

    def cached_choice(self) -> bool | None:
        """Tell whether caches were asked for while playing, None if nothing was; any thread."""
        with self._lock:
            return self._cached_choice

    def set_hand(self, hand: Hand | None, port: int | None = None) -> None:
        """Even what is struck from now on by this hand or by none, on one port or all; any thread."""
        with self._lock:
            self._set_hand(hand, port)

    def hands(self) -> dict[int | None, dict[str, Any] | None]:
        """Tell each port's hand as JSON has it, None being all the others; any thread."""
        with self._lock:
            return dict(self._hands)

    def chosen(self) -> dict[int, Sound]:
        """Tell each zone's sound, `EVERY_ZONE` being all the others', latest last; any thread."""
        with self._lock:
            return dict(self._sounds)

    def placed(self) -> Sound | None:
        """Tell what the place in the order of presets brought, if there is one; any thread."""
        with self._lock:
            return self._placed

    def manners(self) -> dict[int, Manner]:
        """Tell the manners set since the zones' presets were, latest last; any thread."""
        with self._lock:
            return dict(self._manners)

    def tuning(self) -> Tuning | None:
        """Tell what the keys are tuned to, if anything was chosen; any thread."""
        with self._lock:
            return self._listeners.tuning

    def configurations(self) -> dict[int, list[bytes]]:
        """Tell for each port what brings another session to its zones; any thread."""
        with self._lock:
            return self._listeners.configurations()

    def notice(self, sentence: str) -> None:
        """Let the player know something; any thread."""
        with self._lock:
            self._notebook.notice(sentence)

    def flush(self) -> None:
        """Let events that found the engine's ring full move up; housekeeping thread."""
        with self._lock:
            self._engine.flush()

    def take_played(self) -> Kept:
        """Hand over what was played since the last call; housekeeping thread, and only one."""
        return self._notebook.take()

    @property
    def space(self) -> Space:
        """The space that is played."""
        return self._engine.space

    def describe(self) -> dict[str, Any]:
        """Tell what a replay of this session needs to know of its engine."""
        space = self._engine.space
        return {
            "rate_hz": self._engine.rate_hz,
            "block_frames": BLOCK_FRAMES,
            "kernels": kernel_version(),
            "space": space.card.name,
            "space_sha256": space.sha256,
            "event": EVENT.descr,
        }

    def _select(self, frame: int, time_s: float, sound: Sound, zone: int) -> None:
        self._give(frame, time_s, sound, zone, is_cached=self._is_cached)
        _put(self._sounds, zone, sound)
        if self._chooser and zone == EVERY_ZONE:
            self._chooser.follow(sound.name)
        _drop(self._manners, zone)  # the preset brings its own
        manner = sound.preset.card.manner
        self._listeners.set_manner(manner, None if zone == EVERY_ZONE else zone)

    def _give(self, frame: int, time_s: float, sound: Sound, zone: int, *, is_cached: bool) -> None:
        """Let a zone be struck with a sound, or with the same from its cache."""
        played = (self._twin(sound) if is_cached else None) or sound
        slot = self._engine.install(played.patch)
        self._notebook.preset(slot, played)
        cached = {"cached": True} if played is not sound else {}
        self._notebook.call(time_s, "select", preset=sound.name, zone=zone, **cached)
        self._engine.select(slot, frame, zone)

    def _twin(self, sound: Sound) -> Sound | None:
        """Find a sound that takes its controls from a cache; None, and a word of it, without one."""
        try:
            if twin := sound.from_cache:
                return twin
            reason = f"{sound.name} has no cache; embouchure space cache {sound.name} builds one"
        except SpaceError as error:
            reason = str(error)
        self._notebook.notice(f"The decoder itself is played: {reason}.")
        return None

    def _take_up_hand(self, port: int) -> None:
        """Choose the hand of a port that is heard for the first time, unless one is set."""
        if self._choice and not {port, None} & self._hands.keys():
            hand, sentence = self._choice.choose(self._listeners.controller(port))
            if sentence:
                self._notebook.notice(sentence)
            if hand:
                self._set_hand(hand, port)

    def _set_hand(self, hand: Hand | None, port: int | None) -> None:
        fields = hand.model_dump(mode="json") if hand else None
        self._notebook.hand(port, fields)
        if port is None:
            self._hands.clear()
        self._hands[port] = fields
        self._listeners.set_hand(hand, port)

    def _push(self, events: list[TouchEvent]) -> None:
        if events:
            frame = self._frame_at(events[0].time_s)
            for event in events:
                if event.kind in ASKING:
                    self._choose(frame, event)
                    continue
                if event.kind is Kind.MACRO:
                    self._macros[event.touch] = event.press
                    self._set_macros.pop(event.touch, None)
                self._engine.push(event_at(frame, event))

    def _choose(self, frame: int, event: TouchEvent) -> None:
        """Obey a program change or a step; without such a preset everything stays as it is."""
        answer = (
            self._chooser.answer(event) if self._chooser else "There is nothing to choose from."
        )
        if isinstance(answer, str):
            self._notebook.notice(answer)
        else:
            self._take(frame, event.time_s, answer)

    def _take(self, frame: int, time_s: float, choice: Choice) -> None:
        try:
            self._select(frame, time_s, choice.sound, choice.zone)
        except (RuntimeError, SpaceError) as error:
            self._notebook.notice(f"{choice.sound.name} cannot be chosen now: {error}.")
            return
        self._placed = choice.sound if self._chooser and self._chooser.place is not None else None
        self._listeners.transpose(choice.transpose_semitones)
        if choice.told:
            self._notebook.call(time_s, "transpose", semitones=choice.transpose_semitones)
            self._notebook.notice(choice.told)


def _drop(choices: dict[int, Any], zone: int) -> None:
    """Forget what was chosen for a zone, or for all of them."""
    if zone == EVERY_ZONE:
        choices.clear()
    choices.pop(zone, None)


def _put(choices: dict[int, Any], zone: int, choice: object) -> None:
    """Let a choice be the latest."""
    _drop(choices, zone)
    choices[zone] = choice


def open_session(
    settings: PlaySettings, engine: Engine, frame_at: Callable[[float], int]
) -> Session:
    """Begin a session on a silent engine with the presets and manners that the player wishes.

    Raises
    ------
    PresetError, TuningError, HandError, ProgramError
        When a preset, a tuning or a hand cannot be used.
    """
    space, wishes = engine.space, settings.wishes
    hands = wishes.hands()
    if wishes.setlist:
        return _open_setlist(wishes.setlist, settings, engine, frame_at)
    programs = Programs(space, wishes)
    session = Session(
        engine, frame_at, wishes.listeners(), programs, hands, is_cached=wishes.cached
    )
    main = load_sound(settings.preset, space, wishes)
    session.select(0.0, main)
    if chosen := wishes.zone_presets:
        sounds = {word: load_sound(name, space, wishes) for word, name in chosen.items()}
        session.select_zones(0.0, {"lower": main, **sounds})
    return session


def _open_setlist(
    name: str, settings: PlaySettings, engine: Engine, frame_at: Callable[[float], int]
) -> Session:
    wishes = settings.wishes
    songs = Songs(load_setlist(name), engine.space, wishes)
    session = Session(
        engine, frame_at, wishes.listeners(), songs, wishes.hands(), is_cached=wishes.cached
    )
    for sentence in songs.missing:
        session.notice(f"{sentence}.")
    session.take(0.0, songs.first())
    return session
