"""Measure how long a first calibration takes simulated players, and what they have after each step.

Run as `python -m scripts.first_time --hands 10`; prints JSON, a line for each player, then a summary.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embouchure.kernel_cache import use_kernel_cache

if TYPE_CHECKING:
    from calibration.demonstrations.first_time import FirstTime

FIRST_SEED = 9001


def main() -> None:
    """Rehearse with one player after another."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hands", type=int, default=10)
    options.add_argument("--preset", default="breath")
    chosen = options.parse_args()
    use_kernel_cache()
    from calibration.demonstrations.first_time import rehearse_first_time
    from calibration.simulation.grip import FAMILIES
    from presets.spaces import factory_space

    space, held = factory_space(), []
    for number in range(chosen.hands):
        seed, family = FIRST_SEED + number, FAMILIES[number % len(FAMILIES)]
        with tempfile.TemporaryDirectory() as folder:
            held.append(
                rehearse_first_time(chosen.preset, space, Path(folder), seed=seed, family=family)
            )
        print(json.dumps({"seed": seed, "family": family, **held[-1].figures}), flush=True)
    print(json.dumps(_summary(held)))


def _summary(held: "list[FirstTime]") -> dict[str, object]:
    errors = np.array([[stage.error for stage in one.stages] for one in held])
    better = errors[:, 1:] < errors[:, :1]
    return {
        "hands": len(held),
        "longest_s": max(one.seconds for one in held),
        "latest_first_sound_s": max(one.first_sound_s for one in held),
        "mean_error_by_stage": errors.mean(axis=0).round(3).tolist(),
        "share_of_stages_better_than_before": round(float(better.mean()), 3),
        "share_better_after_the_hand": round(float(better[:, 0].mean()), 3),
        "share_better_at_the_end": round(float(better[:, -1].mean()), 3),
    }


if __name__ == "__main__":
    main()
