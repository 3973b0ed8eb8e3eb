"""What a player may call a sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.moving.naming import Name, note_name, note_number, read_name
from synth.moving.refusal import MovingError
from synth.moving.surface import instrument_of
from synth.space import Space
from synth.training.codebook import sound_name
from tests.synth.moving.tiny import tiny_space

TINY = tiny_space()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("toy-1", Name("toy-1")),
        ("toy-1-c5", Name("toy-1", 72.0)),
        ("toy-1-fs4", Name("toy-1", 66.0)),
        ("toy-1-60", Name("toy-1", 60.0)),
        ("toy-1-ff", Name("toy-1", None, 125 / 127)),
        ("toy-1-c4-pp", Name("toy-1", 60.0, 25 / 127)),
        ("toy-1-fs-1-f", Name("toy-1", 6.0, 110 / 127)),
    ],
)
def test_an_instrument_may_be_named_with_note_and_dynamic(text: str, name: Name):
    assert read_name(TINY, text) == name


def test_a_recorded_sound_is_found_as_it_was_recorded():
    sound = TINY.card.sounds[5]
    assert read_name(TINY, sound.name) == Name("toy-1", sound.note, sound.strike)


def test_an_instrument_may_itself_be_called_as_a_dynamic_is():
    pair = {sound.name: sound.name.replace("toy-1", "toy-0-f") for sound in TINY.card.sounds[4:8]}
    sounds = [
        sound.model_copy(update={"name": pair.get(sound.name, sound.name)})
        for sound in TINY.card.sounds
    ]
    space = Space(TINY.card.model_copy(update={"sounds": sounds}), TINY.arrays)
    assert read_name(space, "toy-0-f") == Name("toy-0-f")
    assert read_name(space, "toy-0-f-pp") == Name("toy-0-f", None, 25 / 127)
    assert read_name(space, "toy-0-ff") == Name("toy-0", None, 125 / 127)


def test_an_unknown_instrument_is_refused_with_what_is_near():
    with pytest.raises(
        MovingError, match="has no sound 'toi-3'; choose an instrument such as toy-"
    ):
        read_name(TINY, "toi-3")


@given(st.integers(0, 127))
def test_a_notes_name_tells_its_number(note: int):
    assert note_number(note_name(note)) == note


@given(st.integers(0, 127), st.integers(0, 127))
def test_a_sound_is_called_as_the_codebook_calls_it(pitch: int, velocity: int):
    named = sound_name("kick", pitch, velocity)
    assert Name("kick", pitch, velocity / 127).text == named
    assert instrument_of(named) == "kick"


@given(st.text(max_size=12))
def test_any_text_is_a_sound_or_refused_in_one_sentence(text: str):
    try:
        name = read_name(TINY, text)
    except MovingError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert name.instrument.startswith("toy-")


@given(st.text(max_size=6))
def test_any_text_is_a_note_of_midi_or_none(text: str):
    note = note_number(text)
    assert note is None or 0 <= note <= 127


def test_a_name_is_read_as_it_is_written(fluid: Space):
    for sound in fluid.card.sounds[::97]:
        assert read_name(fluid, read_name(fluid, sound.name).text).instrument in sound.name
