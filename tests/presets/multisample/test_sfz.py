"""The SFZ text, read by a parser of its own kind: every key and velocity sounds, and once."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presets.multisample.plan import SamplePlan, layers
from presets.multisample.sfz import SfzSound, key_range, sfz_text
from synth.patch import VoiceSettings

Region = dict[str, str]


def regions(text: str) -> list[Region]:
    """Read an SFZ file after the rules of sfzformat.com: headers inherit from those around."""
    text = re.sub(r"//.*", "", text)
    found: list[Region] = []
    level: dict[str, Region] = {"control": {}, "global": {}, "group": {}}
    opened: Region = {}
    for header, body in re.findall(r"<(\w+)>([^<]*)", text):
        opcodes = dict(re.findall(r"(\w+)=(.*?)(?=\s+\w+=|\s*$)", body, re.DOTALL))
        if header == "region":
            opened = level["global"] | level["group"] | opcodes
            found.append(opened)
        else:
            level[header] = opcodes
    return found


def weight(region: Region, value: int, kind: str) -> float:
    """How much of a region sounds at a velocity or a controller's value; linear cross-fades."""
    gain = 1.0
    ends = {
        way: [region.get(f"xf{way}_{end}{kind}") for end in ("lo", "hi")] for way in ("in", "out")
    }
    if ends["in"][0] is not None:
        low, high = map(int, ends["in"])  # type: ignore[arg-type]
        gain *= float(np.clip((value - low) / (high - low), 0, 1))
    if ends["out"][0] is not None:
        low, high = map(int, ends["out"])  # type: ignore[arg-type]
        gain *= 1.0 - float(np.clip((value - low) / (high - low), 0, 1))
    if kind == "vel" and not int(region.get("lovel", 0)) <= value <= int(region.get("hivel", 127)):
        return 0.0
    return gain


PLAN = SamplePlan(keys=(36, 40, 44), velocities=(20, 74, 127), slides=(0, 64, 127))
SOUND = SfzSound(
    title=["breath", "CC0"],
    voice=VoiceSettings(release_slow_s=0.4, release_fast_s=0.1, width=0.5),
    loops={36: (50_000, 90_000), 40: None, 44: (48_000, 70_000)},
    swells_db={20: 14.2, 74: 6.0, 127: 0.5},
)
REGIONS = regions(sfz_text(PLAN, SOUND))


def at_key(key: int) -> list[Region]:
    return [one for one in REGIONS if int(one["lokey"]) <= key <= int(one["hikey"])]


def test_there_is_a_region_for_every_sample():
    assert len({one["sample"] for one in REGIONS}) == PLAN.n_samples == len(REGIONS)


@pytest.mark.parametrize("key", [0, 36, 38, 39, 42, 43, 127])
def test_every_key_has_the_samples_of_the_nearest_that_was_taken(key: int):
    nearest = min(PLAN.keys, key=lambda taken: abs(taken - key))
    assert {int(one["pitch_keycenter"]) for one in at_key(key)} == {nearest}


@pytest.mark.parametrize("velocity", [1, 20, 21, 50, 74, 75, 126, 127])
@pytest.mark.parametrize("slide", [0, 1, 63, 64, 65, 127])
def test_at_every_velocity_and_slide_the_layers_make_one_whole(velocity: int, slide: int):
    total = sum(weight(one, velocity, "vel") * weight(one, slide, "cc74") for one in at_key(36))
    assert total == pytest.approx(1.0)


def test_at_a_layers_own_velocity_and_slide_it_sounds_alone():
    alone = [
        one["sample"] for one in at_key(44) if weight(one, 74, "vel") * weight(one, 127, "cc74") > 0
    ]
    assert alone == ["samples/k044-v074-s127.wav"]


def test_a_loops_end_is_its_last_frame():
    (group,) = {(one["loop_start"], one["loop_end"]) for one in at_key(36)}
    assert group == ("50000", "89999")


def test_a_decaying_key_is_not_looped():
    assert {one["loop_mode"] for one in at_key(40)} == {"no_loop"}


def test_pressure_swells_each_layer_by_what_was_measured():
    swells = {one["sample"][13:17]: one["volume_oncc129"] for one in at_key(36)}
    assert swells == {"v020": "14.2", "v074": "6.0", "v127": "0.5"}


@given(st.lists(st.integers(0, 127), min_size=1, max_size=40, unique=True).map(sorted))
def test_the_ranges_of_the_keys_leave_no_gap_and_never_overlap(keys: list[int]):
    ranges = [key_range(keys, place) for place in range(len(keys))]
    assert (ranges[0][0], ranges[-1][1]) == (0, 127)
    assert all(low[1] + 1 == high[0] for low, high in pairwise(ranges))
    assert all(low <= key <= high for key, (low, high) in zip(keys, ranges, strict=True))


@given(st.integers(1, 8), st.integers(0, 40), st.integers(80, 127))
def test_layers_rise_from_end_to_end(count: int, low: int, high: int):
    found = layers(count, low, high)
    assert len(found) == count == len(set(found))
    assert list(found) == sorted(found)
    assert count == 1 or (found[0], found[-1]) == (low, high)
