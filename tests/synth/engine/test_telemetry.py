"""The engine's telemetry, read from outside."""

from pathlib import Path

from synth.engine import telemetry
from synth.engine.engine import Engine
from tests.synth.toy import flat_space, make_engine, strike, toy_patch


def test_another_process_reads_what_the_engine_writes_to_a_shared_file(tmp_path: Path):
    path = tmp_path / "telemetry"
    engine = Engine(flat_space(), telemetry_path=path)
    engine.select(engine.install(toy_patch()))
    engine.push(strike(7))
    engine.render(640)
    assert telemetry.read(telemetry.open_shared(path)).voices["touch"].tolist() == [7]


def test_a_fresh_engine_shows_nothing():
    shown = make_engine().snapshot()
    assert (shown.frame, shown.n_voices, len(shown.voices)) == (0, 0, 0)


def test_a_snapshot_is_a_copy():
    engine = make_engine()
    engine.push(strike(7))
    engine.render(64)
    before = engine.snapshot()
    engine.render(6400)
    assert before.frame == 64


def test_after_writing_the_sequence_says_that_the_snapshot_is_whole():
    engine = make_engine()
    engine.render(64)
    assert engine.telemetry["sequence"].item() % 2 == 0
