from collections.abc import Callable
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.key_map import parse_key_map
from mapper.scala_file import ScalaFile, TuningError
from mapper.scale import Scale, parse_scale

in_cents = st.integers(-500_000, 500_000).map(lambda number: number / 100)
ratios = st.tuples(st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1))
remarks = st.sampled_from(("", " ! remark", "  cents", "\tC#"))
line_ends = st.sampled_from(("\n", "\r\n", "\r"))


def written(pitch: float | tuple[int, int]) -> str:
    return f"{pitch[0]}/{pitch[1]}" if isinstance(pitch, tuple) else f"{pitch:.5f}"


def size_cents(pitch: float | tuple[int, int]) -> float:
    return 1200 * log2(pitch[0] / pitch[1]) if isinstance(pitch, tuple) else pitch


@given(st.lists(st.tuples(st.one_of(in_cents, ratios), remarks), max_size=40), line_ends)
def test_a_written_scale_is_read_as_it_was(pitches: list, line_end: str):
    lines = ["! s.scl", "a scale", f" {len(pitches)}", "!"]
    lines += [f" {written(pitch)}{remark}" for pitch, remark in pitches]
    scale = parse_scale(ScalaFile("s.scl", line_end.join([*lines, ""]).encode("latin-1")))
    assert scale.pitches_cents == pytest.approx(
        [size_cents(pitch) for pitch, _ in pitches], abs=1e-6
    )


@given(st.lists(in_cents, min_size=1, max_size=40), st.integers(-300, 300))
def test_degrees_a_whole_scale_apart_are_a_period_apart(pitches_cents: list[float], degree: int):
    scale = Scale(tuple(pitches_cents))
    apart = scale.cents(degree + len(pitches_cents)) - scale.cents(degree)
    assert apart == pytest.approx(pitches_cents[-1], abs=1e-6)


Parser = Callable[[ScalaFile], object]


def outcome(parse: Parser, data: bytes) -> str:
    try:
        parse(ScalaFile("any", data))
    except TuningError as error:
        return str(error)
    return "read"


texts = st.text("0123456789./-x!e \n", max_size=80).map(str.encode)


@given(st.one_of(st.binary(max_size=200), texts))
@pytest.mark.parametrize("parse", [parse_scale, parse_key_map])
def test_whatever_the_bytes_they_are_read_or_refused_in_a_sentence(parse: Parser, data: bytes):
    told = outcome(parse, data)
    assert told == "read" or (" any " in f" {told}" and told.isprintable())
