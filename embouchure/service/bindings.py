"""The bindings: which controllers turn the macros and which step, by what they do."""

from collections.abc import Sequence
from typing import Any, Final

from mapper.faders import N_MACROS
from mapper.stepping import StepControls

Bindings = dict[str, int | None]
MACROS: Final = tuple(f"macro-{number}" for number in range(1, N_MACROS + 1))
SPARE_CONTROLS: Final = range(20, 32)
"""Controllers that mean nothing to anyone."""


def bindings_of(macro_controls: Sequence[int], steps: StepControls) -> Bindings:
    """Say what each target is bound to.

    >>> bindings_of((1, 17, 18, 19), StepControls(next_control=67))["next"]
    67
    """
    return {
        **dict(zip(MACROS, macro_controls, strict=True)),
        "next": steps.next_control,
        "previous": steps.previous_control,
    }


def with_binding(before: Bindings, target: str, control: int) -> Bindings:
    """Bind a controller; what it did before gets one that is free, as a macro must have one.

    >>> with_binding({"macro-1": 1, "macro-2": 17}, "macro-1", 17)
    {'macro-1': 17, 'macro-2': 1}
    """
    given = {*before.values(), control} - {before[target]}
    spare = before[target] or next(one for one in SPARE_CONTROLS if one not in given)
    return {
        name: control if name == target else spare if now == control else now
        for name, now in before.items()
    }


def command_fields(bindings: Bindings) -> dict[str, Any]:
    """Say them as the engine's command has them; keys that step stay as they are.

    >>> command_fields(bindings_of((1, 17, 18, 19), StepControls()))["macro_controls"]
    [1, 17, 18, 19]
    """
    steps = {"next_control": bindings["next"], "previous_control": bindings["previous"]}
    return {"macro_controls": [bindings[name] for name in MACROS], "steps": steps}
