"""The blend: two presets between which the player goes, all the way (A/B) or by any share (morph)."""

from calibration.guide import Tone
from embouchure.cues import pack_tone
from embouchure.errors import player_errors
from embouchure.service.errand import run_errand
from embouchure.service.live_session import BETWEEN
from embouchure.service.newest import Newest
from embouchure.service.stage import Stage
from presets.library import known, refuse_taken
from presets.morph import morph
from presets.names import check_name
from presets.preset import Preset
from presets.store import load


class Blend:
    """Goes between two presets; any thread."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._newest = Newest()

    def compare(self, first: str | None, second: str | None, on: str | None) -> None:
        """Set A or B or both, and play one of them; without saying which, the other one.

        Raises
        ------
        PresetError, ProgramError
            When there is no such preset, or it cannot be played now.
        """
        before, playing = self._sides(), self._stage.live["preset"] or ""
        a = known(first or before.get("a") or playing)
        b = known(second or before.get("b") or playing)
        side = on or ("b" if before.get("on") == "a" else "a")
        self._stage.select(a if side == "a" else b)
        self._stage.set(ab={"a": a, "b": b, "on": side})

    def _sides(self) -> dict[str, str]:
        """Tell what A and B are, and which is played: neither of them where it is their mixture."""
        between = self._stage.live["morph"]
        if between:
            return {"a": between["first"], "b": between["second"]}
        return self._stage.live["ab"] or {}

    def morph(self, first: str, second: str, share: float) -> None:
        """Play what lies between two presets from the next strike on; of many calls the last counts.

        None does once a preset was chosen after it.

        Raises
        ------
        PresetError
            When they cannot be mixed.
        """
        pair = load(known(first)), load(known(second))
        morph(*pair, share, BETWEEN)  # what cannot be is told at once
        self._stage.mix({"first": first, "second": second, "share": share})
        n_choices = self._stage.n_choices
        self._newest.ask(lambda: self._play(*pair, share, n_choices))

    def keep(self, first: str, second: str, share: float, name: str) -> None:
        """Keep what lies between two presets as one of the player's own.

        Raises
        ------
        PresetError
            When the name is taken or impossible, or they cannot be mixed.
        """
        refuse_taken(check_name(name))
        morph(load(known(first)), load(known(second)), share, name)
        run_errand("presets", "morph", first, second, name, "--share", repr(share))

    def _play(self, first: Preset, second: Preset, share: float, n_choices: int) -> None:
        try:
            tone = pack_tone(Tone(name=BETWEEN, preset=morph(first, second, share, BETWEEN)))
            if self._stage.n_choices == n_choices:
                self._stage.sound(tone)
        except player_errors() as error:
            self._stage.notice(f"{error}.", "fault")
