"""How a missing soundfont is told."""

from pathlib import Path

import pytest

from synth.training.soundfont import Soundfont, SoundfontError


def test_a_missing_soundfont_is_named_with_its_remedy(tmp_path: Path):
    with pytest.raises(
        SoundfontError, match=r"none\.sf2 does not exist; install it .* or name a corpus"
    ):
        Soundfont(tmp_path / "none.sf2", 48_000)
