"""The engine's telemetry, read from outside."""

from tests.synth.toy import make_engine, strike


def test_a_snapshot_shows_who_sounds():
    engine = make_engine()
    engine.push(strike(7))
    engine.render(640)
    assert engine.snapshot().voices["touch"].tolist() == [7]


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
