"""`embouchure space train` as torchrun starts it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from synth.space import save_space
from tests.synth.moving.tiny import tiny_space


@pytest.mark.parametrize("rank", ["0", "1"])
def test_the_leading_process_alone_tells_of_the_space(
    rank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def run(corpus: Path | None, out: Path, **_: object) -> None:
        if rank == "0":
            space = tiny_space()
            save_space(out, space.card, space.arrays)

    monkeypatch.setattr("synth.training.pipeline.run", run)
    monkeypatch.setenv("RANK", rank)
    out = tmp_path / "mine.safetensors"
    done = CliRunner().invoke(app, ["space", "train", "-o", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    assert ("Wrote" in done.output) == (rank == "0")
    assert bool(done.output) == (rank == "0")
