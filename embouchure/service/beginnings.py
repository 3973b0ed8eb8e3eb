"""The beginnings of guides: what each course needs, made when it begins, which may take a while."""

from collections.abc import Sequence

from embouchure.service.guidance import Guidance


def measure(
    guidance: Guidance,
    player: str = "me",
    preset: str = "voice",
    controller: str | None = None,
    *,
    warm: bool = False,
) -> None:
    """Measure a hand on the controller that is struck first; `warm` only brings it up to date.

    Raises
    ------
    ProgramError, HandError
        When nobody can be led now, there is no such hand, or none can be kept under such a name.
    """
    from calibration.hand.hands import check_player
    from embouchure.hand_session import known_hand
    from embouchure.service.courses import HandCourse

    def make() -> HandCourse:
        return HandCourse(player, preset, known_hand(player, controller) if warm else None)

    guidance.open("hand", check_player(player), make)


def demonstrate(
    guidance: Guidance, preset: str, n_takes: int = 8, targets: Sequence[str] = ()
) -> None:
    """Teach a preset by hearing sounds and imitating them.

    Raises
    ------
    ProgramError, PresetError, TargetError
        When nobody can be led now, or there is no such preset or target.
    """
    from embouchure.demo_session import open_lesson
    from embouchure.service.courses import DemonstrationCourse

    def make() -> DemonstrationCourse:
        return DemonstrationCourse(preset, open_lesson(preset, list(targets)), n_takes)

    guidance.open("demonstration", preset, make)


def refine(guidance: Guidance, preset: str, n_comparisons: int = 15) -> None:
    """Compare sounds of what was just played, blind.

    Raises
    ------
    ProgramError, PresetError
        When nobody can be led now, or there is no such preset.
    """
    from embouchure.service.courses import RefinementCourse

    def make() -> RefinementCourse:
        return RefinementCourse(preset, n_comparisons)

    guidance.open("refinement", preset, make)
