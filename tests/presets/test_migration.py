"""Presets of every format that was ever written open as today's."""

import json

import pytest

from presets import store
from presets.card import FORMAT, Provenance
from presets.migration import read_card
from presets.preset import Preset
from presets.refusal import PresetError
from tests.presets.test_preset import a_preset, parts

NEW_FIELDS = ("morph_share", "provenance", "metrics")


def of_format_1(**more: object) -> bytes:
    card = json.loads(parts()["preset.json"]) | {"format": "embouchure-preset-1"}
    return json.dumps({k: v for k, v in card.items() if k not in NEW_FIELDS} | more).encode()


def test_a_card_of_format_1_opens_as_one_of_today():
    assert read_card(of_format_1()) == a_preset().card


def test_what_format_1_did_not_know_is_empty():
    card = read_card(of_format_1())
    assert (card.format, card.provenance, card.metrics, card.morph_share) == (
        FORMAT,
        Provenance(),
        {},
        None,
    )


@pytest.mark.parametrize("field", NEW_FIELDS)
def test_a_card_of_format_1_with_a_newer_field_is_refused(field: str):
    with pytest.raises(PresetError, match=f"{field}.*format 1"):
        read_card(of_format_1(**{field: None}))


@pytest.mark.parametrize("format", ["embouchure-preset-3", 1, None, [], {"a": 1}])
def test_a_card_of_an_unknown_format_is_refused(format: object):
    with pytest.raises(PresetError, match="format"):
        read_card(of_format_1(format=format))


@pytest.mark.parametrize("content", [b"[]", b"null", b"1e999", b'"x"', b'{"gain_db": NaN}'])
def test_json_that_is_no_card_is_refused(content: bytes):
    with pytest.raises(PresetError, match="not allowed"):
        read_card(content)


@pytest.mark.parametrize("name", store.factory_names())
def test_every_factory_preset_opens_and_is_kept_as_it_plays(name: str):
    preset = store.load(name)
    again = Preset.from_bytes(preset.to_bytes())
    assert again.card == preset.card
    assert again.mapping.blob().tobytes() == preset.mapping.blob().tobytes()
