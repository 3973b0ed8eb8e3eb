"""The stage: the live session as everything outside it sees and commands it, from any thread."""

import time
from typing import Literal

from embouchure.errors import ProgramError
from embouchure.play_settings import DEFAULT_NEXT_CONTROL, usual_next_control
from embouchure.service.bindings import Bindings, command_fields
from embouchure.service.boards import Boards
from embouchure.service.errand import run_errand
from embouchure.service.live_state import Fields
from embouchure.service.setup import SOUNDS, Command
from embouchure.settings import change_settings, load_settings
from mapper.hand import Hand
from mapper.manner import Manner
from mapper.touch import EVERY_ZONE
from mapper.tuning import Tuning
from presets.card import SpaceNeeded
from presets.catalogue import read_card_of
from presets.library import known
from presets.setlists import load_setlist
from presets.spaces import is_installed


class Stage(Boards):
    """One live session and its commands; every method may be called from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._tone: Fields | None = None
        self._morph: Fields | None = None
        self._n_choices = 0

    @property
    def n_choices(self) -> int:
        """How often a preset was chosen here; a mixture asked for before is wanted no more."""
        return self._n_choices

    def select(self, preset: str, zone: int | None = None) -> None:
        """Let what is struck from now on sound by a preset of the store, in one zone or in all.

        Raises
        ------
        PresetError
            When there is no such preset, or it cannot be opened.
        """
        needed = read_card_of(known(preset)).space
        self._expect_sound()
        self._n_choices += 1
        if self._plays(needed):
            self.command("select", preset=preset, zone=EVERY_ZONE if zone is None else zone)
        elif zone is None and is_installed(needed):
            self.change(preset=preset)
        else:
            raise ProgramError(
                f"{preset} was made for the space {needed.name}, which is not the one that is played "
                "now; play it in every zone, or import it with its space"
            )

    def plays_space_of(self, preset: str) -> bool:
        """Whether the space is played for which a preset of the store was made.

        Raises
        ------
        PresetError
            When there is no such preset, or it cannot be opened.
        """
        return self._plays(read_card_of(known(preset)).space)

    def _plays(self, needed: SpaceNeeded) -> bool:
        return self._space_sha256 in ("", needed.sha256)

    def sound(self, tone: Fields) -> None:
        """Let what is struck from now on sound by what is no preset of the store."""
        self._tone = tone
        self.command("sound", tone=tone)

    def sounds(self) -> list[Command]:
        """List the commands that bring back what is played now, be it a preset of the store or not."""
        tone = self._tone
        is_played = tone is not None and tone["name"] == self._state["preset"]
        return [
            *self.setup.commands(SOUNDS),
            *([{"command": "sound", "tone": tone}] if is_played else []),
        ]

    def mix(self, morph: Fields) -> None:
        """Show what is mixed."""
        self._morph = morph
        self.show_mixture()

    def show_mixture(self) -> None:
        """Show what was mixed last, which is played now or again."""
        self._state.set(morph=self._morph)

    def step(self, step: Literal[1, -1]) -> None:
        """Go to the next preset of the setlist, or without one of the library, or back."""
        self._expect_sound()
        self._n_choices += 1
        self.command("step", step=step)

    def set_macro(self, number: int, value: float) -> None:
        """Turn a macro, 1 to 4, to a value 0-1 in every zone."""
        self.command("macro", number=number - 1, value=value)

    def set_cached(self, *, on: bool) -> None:
        """Take controls from caches for what is struck from now on, or from the decoder again."""
        self.command("cached", on=on)

    def set_hand(self, hand: Hand | None, port: int | None = None) -> None:
        """Even what is struck from now on by this hand, or by none, on one input or on all."""
        self.command("hand", port=port, hand=hand and hand.model_dump(mode="json"))

    def choose_hand(self, name: str | None, port: int | None = None) -> None:
        """Even what is struck from now on by a measured hand of this name, or by none.

        Raises
        ------
        HandError
            When there is no such hand, or its file is damaged.
        """
        from calibration.hand.hands import load

        self.set_hand(None if name is None else load(name), port)
        self._state.set(hand=name)

    def play_setlist(self, name: str | None) -> None:
        """Play through a setlist from its first place on, or without a name through all presets.

        Raises
        ------
        PresetError, ProgramError
            When there is no such setlist, or it is empty.
        """
        songs = load_setlist(name).entries if name else ()
        if name and not songs:
            raise ProgramError(f"the setlist {name} is empty; add presets to it first")
        self._expect_sound()
        self._n_choices += 1
        if name:
            self._let_the_usual_pedal_step()
        else:
            self._let_the_usual_pedal_rest()
        self.command("setlist", name=name)

    def _let_the_usual_pedal_step(self) -> None:
        """Bind it, as `play --setlist` does, unless another steps or it does something else."""
        bindings = self._state["bindings"]
        if bindings["next"] is None and (control := usual_next_control(bindings.values())):
            self.bind({**bindings, "next": control})

    def _let_the_usual_pedal_rest(self) -> None:
        """Unbind it, unless the settings name it: who plays softly wants no other preset."""
        bindings = self._state["bindings"]
        is_chosen = "next_control" in load_settings().model_fields_set
        if bindings["next"] == DEFAULT_NEXT_CONTROL and not is_chosen:
            self.bind({**bindings, "next": None})

    def choose_device(
        self, device: str | None, host_api: str | None, channels: tuple[int, int] | None
    ) -> None:
        """Sound through another device from now on, and at the next start.

        The one before returns where it does not open.
        """
        self.change(device=device, host_api=host_api, channels=channels)
        pair = None if channels is None else list(channels)
        change_settings(device=device, host_api=host_api, channels=pair)

    def choose_inputs(self, names: tuple[str, ...]) -> None:
        """Hear the MIDI inputs with these parts of names from now on, or with none every controller.

        It is kept for the next start.
        """
        self.change(midi=names)
        change_settings(midi=list(names) or None)

    def capture(self, since_s: float | None = None) -> Fields:
        """Keep what was just played as a take of its own, and return its name.

        Raises
        ------
        ProgramError
            When nothing was played.
        """
        journal = self._journal()
        if journal is None:
            raise ProgramError("nothing was played yet that could be kept; play something first")
        since = [] if since_s is None else ["--since-s", repr(since_s)]
        return dict(run_errand("takes", "capture", "--journal", str(journal), *since))

    def record(self, *, on: bool) -> Fields | None:
        """Begin to record, or end it and keep what was played since as a take, whose name it returns.

        Raises
        ------
        ProgramError
            When nothing was played since, or nothing is recorded.
        """
        begun = self._state["recording"]
        if on:
            now = {"since": time.time(), "since_s": time.perf_counter()}
            self._state.set(recording=begun or now)
            return None
        if not begun:
            raise ProgramError("nothing is being recorded; begin to record first")
        self._state.set(recording=None)
        return self.capture(begun["since_s"])

    def bind(self, bindings: Bindings) -> None:
        """Let these controllers turn the macros and step from now on."""
        self.command("bind", **command_fields(bindings))
        self._state.set(bindings=bindings)

    def set_manner(self, manner: Manner, zone: int | None = None) -> None:
        """Let what is struck from now on be played so, in one zone or in all."""
        at = EVERY_ZONE if zone is None else zone
        self.command("manner", manner=manner.model_dump(), zone=at)

    def set_tuning(self, tuning: Tuning) -> None:
        """Let what is struck from now on be tuned so."""
        self.command("tune", notes=list(tuning.notes))

    def perform_bytes(self, name: str, data: bytes) -> None:
        """Play MIDI on an input of the program's own; no bytes at all are a sign of life."""
        self.command("hear", input=name, time_s=time.perf_counter(), data=data.hex())

    def close_input(self, name: str) -> None:
        """End what an input of the program's own holds."""
        self.command("close", input=name)

    def panic(self) -> None:
        """Silence everything at once."""
        self.command("silence")
