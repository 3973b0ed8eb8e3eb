"""What the player wishes of every preset and controller, whatever these say themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from embouchure.errors import ProgramError

if TYPE_CHECKING:
    from embouchure.hand_choice import HandChoice
    from mapper.listeners import Listeners
    from mapper.manner import Manner
    from mapper.profile import Profile
    from mapper.tuning import Tuning
    from mapper.zones import Mode

AUTO = "auto"
ZONES = ("lower", "upper")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How controllers are understood and touches played; None leaves it to them.

    `scale` and `key_map` are paths of Scala files, `zone_presets` names a preset by `lower` or
    `upper`, and `hand` a player or a hand. `setlist` names one; the controllers and keys named here
    step through it, or without one through every preset. `cached` asks for controls from caches
    where there are any.
    """

    controller: str | None = None
    mode: str = AUTO
    macro_controls: tuple[int, ...] | None = None
    mono: bool | None = None
    relative_slide: bool | None = None
    strike_share: float | None = None
    scale: str | None = None
    key_map: str | None = None
    a4_hz: float | None = None
    zone_presets: Mapping[str, str] | None = None
    hand: str | None = None
    setlist: str | None = None
    next_control: int | None = None
    previous_control: int | None = None
    next_key: int | None = None
    previous_key: int | None = None
    cached: bool = False

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Make one of what JSON left of another."""
        controls = fields["macro_controls"]
        return cls(**{**fields, "macro_controls": controls and tuple(controls)})

    def manner(self, own: "Manner") -> "Manner":
        """Say how a preset is played whose own manner is this."""
        wished = {name: getattr(self, name) for name in type(own).model_fields}
        return own.model_copy(
            update={name: value for name, value in wished.items() if value is not None}
        )

    def hands(self) -> "HandChoice":
        """Choose among the player's hands.

        Raises
        ------
        HandError
            When there is none as wished.
        """
        from embouchure.hand_choice import HandChoice

        return HandChoice(self.hand)

    def listeners(self) -> "Listeners":
        """Make listeners that hear as the player wishes.

        Raises
        ------
        TuningError, ProgramError
            When a tuning's file is missing or wrong, or no controller is called so.
        """
        from mapper.faders import MACRO_CONTROLS
        from mapper.listeners import Listeners
        from mapper.stepping import StepControls

        listeners = Listeners(
            profile=self._profile(),
            mode=self._mode(),
            macro_controls=self.macro_controls or MACRO_CONTROLS,
            tuning=self._tuning(),
        )
        steps = StepControls(
            next_control=self.next_control,
            previous_control=self.previous_control,
            next_key=self.next_key,
            previous_key=self.previous_key,
        )
        listeners.step_by(steps)
        return listeners

    def _profile(self) -> "Profile | None":
        from mapper.profile import PROFILES

        if self.controller is None:
            return None
        try:
            return PROFILES[self.controller.lower()]
        except KeyError:
            raise ProgramError(
                f"no controller is called {self.controller!r}; choose one of {', '.join(PROFILES)}"
            ) from None

    def _mode(self) -> "Mode | None":
        from mapper.zones import Mode

        return None if self.mode == AUTO else Mode(self.mode)

    def _tuning(self) -> "Tuning | None":
        from mapper.key_map import A4_HZ
        from mapper.tuning import read_tuning

        if self.scale is None and self.key_map is None and self.a4_hz is None:
            return None
        scale, key_map = (Path(path) if path else None for path in (self.scale, self.key_map))
        return read_tuning(scale, key_map, A4_HZ if self.a4_hz is None else self.a4_hz)
