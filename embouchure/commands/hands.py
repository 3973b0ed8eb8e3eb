"""`embouchure hands`: the hands that were measured."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from mapper.hand import Hand

hands = make_group("hands", "The hands that were measured, one for each player and controller.")

NameArgument = Annotated[
    str, typer.Argument(help="Name of a hand, as `embouchure hands list` has it.")
]


@hands.command("list")
def list_hands(as_json: JsonOption = False) -> None:
    """List every hand, its player and its controller.

    Example: embouchure hands list
    """
    from calibration.hand.hands import NO_HAND, load_all

    found, troubles = load_all()
    if as_json:
        speak_json([_card(name, hand) for name, hand in found.items()])
        return
    table = Table("hand", "player", "controller", "measured", box=None)
    for name, hand in found.items():
        table.add_row(name, hand.player, hand.controller, hand.measured)
    lines = [*troubles, *([] if found or troubles else [f"There is no hand yet; {NO_HAND}"])]
    if found:
        console.print(table)
    for line in lines:
        say(f"{line}.")


@hands.command("show")
def show(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show what was measured of a hand.

    Example: embouchure hands show me-linnstrument-mpe
    """
    from calibration.hand.hands import load
    from calibration.hand.portrait import portrait

    hand = load(name)
    if as_json:
        speak_json(hand.model_dump(mode="json"))
        return
    for line in portrait(hand):
        say(line)


@hands.command("history")
def history(name: NameArgument, as_json: JsonOption = False) -> None:
    """List every measurement that was kept under a name.

    Example: embouchure hands history me-linnstrument-mpe
    """
    from calibration.hand.hands import versions

    found = {number: hand.measured for number, hand in versions(name).items()}
    if as_json:
        speak_json([{"number": number, "measured": when} for number, when in found.items()])
        return
    table = Table("version", "measured", box=None)
    for number, when in found.items():
        table.add_row(str(number), when)
    console.print(table)


@hands.command("restore")
def restore(
    name: NameArgument,
    number: Annotated[int, typer.Argument(help="A version, as `embouchure hands history` has it.")],
    as_json: JsonOption = False,
) -> None:
    """Play with an earlier measurement again; the newer ones stay in the history.

    Example: embouchure hands restore me-linnstrument-mpe 1
    """
    from calibration.hand.hands import restore as bring_back

    hand = bring_back(name, number)
    if as_json:
        speak_json(_card(name, hand))
        return
    say(f"{name} is again as it was measured {hand.measured}.")


@hands.command("remove")
def remove(name: NameArgument, as_json: JsonOption = False) -> None:
    """Take a hand away; its file stays beside it as `.old`.

    Example: embouchure hands remove me-linnstrument-mpe
    """
    from calibration.hand.hands import remove as take_away

    kept = take_away(name)
    if as_json:
        speak_json({"removed": name, "kept": str(kept)})
        return
    say(f"Removed {name}; it is kept as {kept}.")


def _card(name: str, hand: "Hand") -> dict[str, str]:
    kept = {"player": hand.player, "controller": hand.controller, "measured": hand.measured}
    return {"name": name, **kept}
