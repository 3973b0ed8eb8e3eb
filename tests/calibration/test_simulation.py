"""The simulated player is what its ranges say, plays alike for equal seeds, and is frozen."""

import hashlib
from collections.abc import Callable
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.simulation import body, grip, mind, wire
from calibration.simulation.body import MOTION_HZ, Body, Movement, practised
from calibration.simulation.case import Case
from calibration.simulation.events import touch_events
from calibration.simulation.grip import FAMILIES, OUTSIDE, Grip
from calibration.simulation.intention import FULL, KINDS, NARROW, RATE_HZ, Intention, intend
from calibration.simulation.mind import Mind
from calibration.simulation.player import RAMPS_S, Player
from calibration.simulation.population import (
    TEST_SEEDS,
    TUNING_SEEDS,
    HiddenHandError,
    hidden_cases,
    refuse_hidden,
    tuning_cases,
)
from calibration.simulation.ranges import Ranges
from calibration.simulation.wire import Wire
from calibration.simulation.world import INSTRUMENTS, World, places
from mapper.features import TOUCH_FIELDS
from mapper.touch import Kind
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space

PRESS, SLIDE, GLIDE, LIFT, NOTE, AGE, SINCE_LIFT = (
    TOUCH_FIELDS.index(name)
    for name in ("press", "slide", "glide_semitones", "lift", "note", "age_s", "since_lift_s")
)
SPACE = factory_space()
Array = NDArray[np.float64]


class Drawn(Protocol):
    """One layer of a player."""

    @property
    def numbers(self) -> dict[str, float]:
        """Its parameters."""


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def meant(kind: str, seed: int = 1) -> Intention:
    return intend(rng(seed), kind, 60.5)


def ramp_up_and_down() -> Movement:
    up = np.concatenate([np.linspace(0, 1, 1000), np.linspace(1, 0, 1000)])
    return Movement(
        force=up, place=up, bend_cents=0 * up, strike=0.5, lift=0.5, held_s=2.0
    )  # fmt: skip


def plain_grip(family: str) -> Grip:
    """A grip of a family without gain, dead zone or cross-talk."""
    numbers = dict.fromkeys(grip.RANGES, 0.0) | {"gain": 1.0, "slide_high": 1.0, "fold_at": 0.8}
    return Grip(numbers=numbers | {"bow": 2.0, "backlash": 0.1, "bend_gain": 1.0}, family=family)


# --- frozen ---------------------------------------------------------------------------------


def fingerprint(case: Case) -> str:
    """Hash the steps in which press, slide and bend of a few touches were heard."""
    content = hashlib.sha256()
    touches = [trial.touches for trial in case._performances("trials", ["free", "vibrato"])]
    touches += [take.touches for take in case._imitations("takes", 2, FULL)]
    for rows in touches:
        steps = np.round(rows[:, [PRESS, SLIDE, GLIDE]] * [127, 127, 8192 / 48])
        content.update(steps.astype(np.int64).tobytes())
    return content.hexdigest()[:16]


def outcome(case: Case) -> list[float]:
    """Sum up what should sound in one performance: spread of the code, loudness, pitch."""
    truth = case._performances("trials", ["vibrato"])[0].truth
    return [truth[:, :16].std(axis=0).sum(), truth[:, 16].mean(), truth[:, 17].std()]


def test_hidden_hands_and_tuning_hands_never_meet():
    assert not set(TEST_SEEDS) & set(TUNING_SEEDS)
    assert len(TEST_SEEDS) >= 20


def test_the_hidden_seeds_are_frozen():
    assert hashlib.sha256(repr(TEST_SEEDS).encode()).hexdigest()[:16] == "57d7ad5954e0123b"


@pytest.mark.parametrize(("number", "frozen"), [(0, "c886b027352066b7"), (5, "edf9bb7e6508afe0")])
def test_what_a_hand_plays_is_frozen(number: int, frozen: str):
    assert fingerprint(tuning_cases(SPACE, number + 1)[number]) == frozen


@pytest.mark.parametrize(
    ("number", "frozen"), [(0, [1.9084, -17.694, 45.880]), (5, [2.1293, -21.133, 49.995])]
)
def test_what_should_sound_is_frozen(number: int, frozen: list[float]):
    case = tuning_cases(SPACE, number + 1)[number]
    assert outcome(case) == pytest.approx(frozen, rel=1e-3)


def test_nothing_is_tuned_on_a_hidden_hand():
    refuse_hidden(tuning_cases(SPACE, 1))
    with pytest.raises(HiddenHandError, match="kept for the test"):
        refuse_hidden(hidden_cases(SPACE, 1))


def test_hidden_hands_are_of_every_family_on_every_instrument():
    cases = hidden_cases(SPACE, 20)
    assert {case.family for case in cases} == set(FAMILIES) > set(OUTSIDE)
    assert len({case.world.recipe.name for case in cases}) == len(INSTRUMENTS)


# --- draws ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "ranges"),
    [
        (Body.draw, body.RANGES),
        (lambda r: Grip.draw(r, "power"), grip.RANGES),
        (Wire.draw, wire.RANGES),
        (Mind.draw, mind.RANGES),
    ],
)
def test_every_parameter_fills_its_written_range(
    make: Callable[[np.random.Generator], Drawn], ranges: Ranges
):
    drawn = [make(rng(seed)).numbers for seed in range(400)]
    for name, (low, high) in ranges.items():
        values = np.array([numbers[name] for numbers in drawn])
        assert low <= values.min() <= low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) <= values.max() <= high
        assert values.mean() == pytest.approx((low + high) / 2, abs=0.06 * (high - low))


def test_equal_seeds_play_alike_take_for_take():
    one, other = (Player(7, "log") for _ in range(2))
    for kind in KINDS:
        np.testing.assert_array_equal(one.imitate(meant(kind)), other.imitate(meant(kind)))


def test_another_sitting_is_the_same_player_with_other_noise():
    one, other = Player(7, "log", 1), Player(7, "log", 2)
    assert one.body == other.body
    assert not np.array_equal(one.imitate(meant("swell")), other.imitate(meant("swell")))


# --- intention ------------------------------------------------------------------------------


def test_nothing_meant_freely_is_faster_than_1_hz():
    for seed in range(20):
        curve = meant("free", seed).loudness
        power = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))) ** 2
        slow = np.fft.rfftfreq(len(curve), 1 / RATE_HZ) <= 1.25
        assert power[slow].sum() > 0.97 * power.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_reach_shows_only_the_middle(kind: str):
    intention = intend(rng(), kind, 60.5, NARROW)
    for curve in (intention.loudness, intention.brightness):
        assert NARROW[0] <= curve.min() <= curve.max() <= NARROW[1]


# --- world ----------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_the_special_part_has_its_share_of_the_variance(share: float):
    bow = RECIPES[1]
    world, middle = World(SPACE, bow, share, 3), float(np.mean(bow.notes))
    meanings = [intend(rng(seed), kind, middle) for kind in KINDS for seed in range(6)]
    every = slice(None, None, 40)
    plain = np.vstack([world._plain(one, every)[0] for one in meanings]).var(axis=0).sum()
    special = np.vstack([world._special_part.of(places(one)[every]) for one in meanings])
    special = special.var(axis=0).sum()
    assert special / (special + plain) == pytest.approx(share, abs=0.12)


def test_a_sluggish_instrument_remembers():
    quick, slow = (World(SPACE, RECIPES[0], 0.0, 3, memory_s) for memory_s in (0.0, 0.15))
    jump = meant("bright")
    codes = [world.trajectory(jump)[:, :16] for world in (quick, slow)]
    moved = [np.abs(np.diff(code, axis=0)).sum(axis=1) for code in codes]
    assert moved[1][60:].max() < moved[0][60:].max()


def test_meaning_louder_sounds_louder():
    trajectory = World(SPACE, RECIPES[0], 0.3, 3).trajectory(meant("swell"))
    settled = slice(50, 370)
    assert np.corrcoef(meant("swell").loudness[settled], trajectory[settled, 16])[0, 1] > 0.9


# --- body -----------------------------------------------------------------------------------


def test_half_of_a_movement_is_left_at_the_written_frequency():
    person = Body.draw(rng())
    t = np.arange(8 * MOTION_HZ) / MOTION_HZ
    wave = np.sin(2 * np.pi * person.numbers["half_gain_hz"] * t)
    assert person._smooth(wave)[2000:6000].std() / wave.std() == pytest.approx(0.5, abs=0.02)


def test_force_noise_grows_with_force_and_as_it_falls():
    person = Body.draw(rng())

    def noise(force: Array) -> Array:
        draws = [person._force_noise(force, rng(seed)) for seed in range(40)]
        return np.std(draws, axis=0)

    rising, falling = np.linspace(0, 1, 4000), np.linspace(1, 0, 4000)
    floor, cv = person.numbers["force_floor"], person.numbers["force_cv"]
    assert noise(rising)[:400].mean() == pytest.approx(floor + 0.05 * cv, rel=0.3)
    assert noise(rising)[-400:].mean() == pytest.approx(floor + 0.95 * cv, rel=0.3)
    assert noise(falling)[:400].mean() > 1.1 * noise(rising)[-400:].mean()


def test_practice_steadies_and_time_tires():
    assert practised(3, 0.0) < practised(1, 0.0) < 1.0 < practised(0, 120.0)


def test_imitation_lags_by_the_drawn_reaction():
    person = Body.draw(rng())
    times_s = np.arange(400) / 100
    delays = np.array([person.reaction(times_s, rng(seed)).mean() for seed in range(200)])
    assert delays.mean() == pytest.approx(person.numbers["lag_s"], abs=0.01)


def test_own_vibrato_keeps_its_own_rate():
    person = Body.draw(rng())
    for seed in range(5):
        wave = person.own_swing(meant("vibrato", seed), rng(seed))[200:]
        turns = np.flatnonzero(np.diff(np.sign(wave)) > 0)
        rate_hz = RATE_HZ * (len(turns) - 1) / (turns[-1] - turns[0])
        assert rate_hz == pytest.approx(person.numbers["vibrato_hz"], rel=0.1)


# --- grip -----------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["power", "log", "sigmoid"])
def test_inside_hands_press_in_one_curve_both_ways(family: str):
    press = plain_grip(family).sense(ramp_up_and_down()).press
    assert np.all(np.diff(press[:1000]) >= 0)
    np.testing.assert_allclose(press[:1000], press[:999:-1], atol=1e-9)


def test_hysteresis_lets_go_later_than_it_took_hold():
    press = plain_grip("hysteresis").sense(ramp_up_and_down()).press
    assert press[1500] > press[499] + 0.05


def test_a_folded_slide_turns_back_before_its_end():
    slide = plain_grip("folded").sense(ramp_up_and_down()).slide
    assert slide[:1000].max() == pytest.approx(0.8, abs=0.01)
    assert slide[999] == pytest.approx(0.8 - 0.6 * 0.2, abs=0.01)


def test_cross_talk_moves_the_slide_with_the_press():
    numbers = plain_grip("power").numbers | {"press_to_slide": 0.15}
    still = ramp_up_and_down()
    still = Movement(**vars(still) | {"place": np.full(2000, 0.5)})
    slide = Grip(numbers=numbers, family="power").sense(still).slide
    assert np.ptp(slide) == pytest.approx(0.15, abs=0.001)


# --- wire -----------------------------------------------------------------------------------


def test_press_and_slide_come_in_7_bits_and_bend_in_14():
    touches = Player(7, "power").imitate(meant("free"))
    for column, steps in ((PRESS, 127), (SLIDE, 127), (GLIDE, 8192 / 48)):
        np.testing.assert_allclose(touches[:, column] * steps % 1.0 % (1 - 1e-6), 0, atol=1e-5)


def test_messages_are_no_closer_than_the_interval_less_its_jitter():
    touches = Player(7, "power").imitate(meant("free"))
    changed_s = touches[1:, AGE][np.diff(touches[:, PRESS]) != 0]
    shortest_s = wire.RANGES["interval_s"][0] - wire.RANGES["jitter_s"][1]
    assert np.diff(changed_s).min() > shortest_s - 0.004 - 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_every_touch_ends_with_a_lift(kind: str):
    for seed in range(5):
        touches = Player(seed, "power").imitate(meant(kind, seed))
        assert touches[0, SINCE_LIFT] == -1.0
        assert touches[-1, SINCE_LIFT] > 0.0


def test_touches_can_be_told_as_events():
    touches = Player(7, "power").imitate(meant("free"))
    events = list(touch_events(touches, 5, start_s=2.0))
    kinds = [event.kind for event in events]
    assert (kinds[0], kinds[-1]) == (Kind.STRIKE, Kind.LIFT)
    assert set(kinds[1:-1]) == {Kind.MOVE}
    assert events[-1].press == touches[touches[:, SINCE_LIFT] >= 0][0, PRESS]


# --- mind -----------------------------------------------------------------------------------


def test_one_task_in_twenty_is_misread():
    person, task = Mind.draw(rng()), meant("swell")
    read = [person.read(task, rng(seed)) for seed in range(2000)]
    assert np.mean([one is not task for one in read]) == pytest.approx(0.05, abs=0.015)


def test_choices_go_to_the_nearer_but_for_lapses():
    person = Mind.draw(rng())
    answers = [person.choose(1.0, 2.0, rng(seed)) for seed in range(2000)]
    assert np.mean(np.array(answers) == -1) > 1.0 - mind.RANGES["lapse"][1]


def test_a_difference_too_small_is_no_difference():
    person = Mind.draw(rng())
    answers = [person.choose(1.0, 1.02, rng(seed)) for seed in range(200)]
    assert np.mean(np.array(answers) == 0) > 0.9


# --- player ---------------------------------------------------------------------------------


def test_a_ramp_of_press_and_one_of_slide_take_eight_seconds():
    ramps = Player(7, "power").ramps(2)
    assert [ramp.dimension for ramp in ramps] == ["press", "press", "slide", "slide"]
    assert sum(ramp.touches[-1, AGE] for ramp in ramps) == pytest.approx(2 * RAMPS_S, abs=0.1)
    assert pytest.approx(8.0) == RAMPS_S
    for ramp in ramps:
        column = TOUCH_FIELDS.index(ramp.dimension)
        assert np.ptp(ramp.touches[:, column]) > 0.3


def test_a_worn_controller_answers_otherwise():
    new, worn = (Player(7, "power", worn=w) for w in (0.0, 1.0))
    assert not np.array_equal(new.imitate(meant("swell")), worn.imitate(meant("swell")))


def test_a_target_is_imitated_by_what_is_heard_of_it():
    class Sounding:
        kind, note, strike, held_s = "swell", 61.0, 0.6, 3.7
        descriptors = np.column_stack(
            [np.linspace(-45, -15, 400), np.full(400, 0.5), np.zeros(400)]
        )

    touches = Player(7, "power").imitate(Sounding())
    early, late = touches[200, PRESS], touches[touches[:, AGE] < 3.5][-1, PRESS]
    assert touches[0, NOTE] == 61.0
    assert late > early + 0.2
