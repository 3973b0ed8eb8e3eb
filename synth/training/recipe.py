"""Recipes: how many steps each lesson of a training takes."""

from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Steps of each lesson, so that a training's outcome does not hang on the machine's speed.

    Attributes
    ----------
    teach_steps
        Encoder, teacher and student learn the corpus together.
    distil_steps
        The student goes on to learn from the teacher.
    polish_steps
        The student learns to sound like the recordings.
    """

    teach_steps: int
    distil_steps: int
    polish_steps: int

    @property
    def steps(self) -> dict[str, int]:
        """Steps of each lesson by its name, in the order in which they are taken."""
        return {key.removesuffix("_steps"): value for key, value in asdict(self).items()}


RECIPES: Final = {
    "quick": Recipe(teach_steps=1500, distil_steps=600, polish_steps=60),
    "default": Recipe(teach_steps=9000, distil_steps=4500, polish_steps=500),
    "long": Recipe(teach_steps=110_000, distil_steps=45_000, polish_steps=3000),
}
