"""A tiny space whose sounds are known by heart."""

import numpy as np

from synth.controls import CODE_SIZE
from synth.space import Sound, Space
from tests.synth.toy import CARD, random_space

AGES_S = [0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
DYNAMICS = {"p": 35, "mf": 95}


def tiny_space(n_instruments: int = 6, seed: int = 0) -> Space:
    """A random decoder and instruments at two notes and two dynamics, each with a code of its own."""
    rng = np.random.default_rng(seed)
    sounds, codes, loudness_db = [], [], []
    for place in range(n_instruments):
        own = rng.normal(size=CODE_SIZE)
        for note, name in ((48, "c3"), (72, "c5")):
            for mark, velocity in DYNAMICS.items():
                sounds.append(
                    Sound(
                        name=f"toy-{place}-{name}-{mark}",
                        family="toy",
                        note=note,
                        strike=velocity / 127,
                        release_s=0.2,
                    )
                )
                drift = 0.1 * rng.normal(size=(len(AGES_S), CODE_SIZE))
                codes.append(own + drift + (note - 60) / 60 + velocity / 500)
                fall_db = 10.0 * (place % 2) * np.array(AGES_S)
                loudness_db.append(-30.0 + velocity / 10 - fall_db)
    card = CARD.model_copy(update={"sounds": sounds, "ages_s": AGES_S})
    arrays = random_space(seed).arrays | {
        "codebook.codes": np.array(codes, np.float32),
        "codebook.loudness_db": np.array(loudness_db, np.float32),
    }
    return Space(card, arrays)
