"""A recording beside its playing: how they are brought together, and what is near."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from calibration.demonstrations.diploma import takes_in
from calibration.demonstrations.soloist import Soloist, soloist
from calibration.demonstrations.soloist_report import diploma, examples, rows
from calibration.fitting.learning import learn
from calibration.targets.audition import RATE_HZ
from calibration.targets.known_instruments import recipe_named
from calibration.targets.sound_file import RecordingError
from mapper.kernel import map_frame_address
from mapper.recorder import Recorder
from presets.bundle import Bundle
from presets.factory.demonstrations import Composer
from presets.factory.loudness import Played, sound_of
from presets.spaces import factory_space
from presets.store import load
from synth.space import Space

LATE_S = 0.12
NOTES = ((0.0, 60), (0.5, 64), (1.0, 67), (1.5, 62))
HELD_S = 0.35


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


@pytest.fixture(scope="module")
def player(space: Space, tmp_path_factory: pytest.TempPathFactory) -> Soloist:
    """The preset `morph` recorded, and its playing on one channel a note, written down later."""
    folder = tmp_path_factory.mktemp("solo")
    touches = [Played(start_s, HELD_S, key, 0.5, 0.6) for start_s, key in NOTES]
    soundfile.write(folder / "solo.wav", sound_of(load("morph"), space, touches), RATE_HZ)
    recorder = Recorder()
    for at_s, data in sorted(played_messages()):
        recorder.record(at_s + LATE_S, 0, data)
    recorder.export(folder / "solo.mid")
    return soloist(folder / "solo.mid", folder / "solo.wav", space, like="morph")


def played_messages() -> list[tuple[float, bytes]]:
    """Four notes of a lower zone, each pressed as the recording was."""
    messages = [(-LATE_S, bytes([0xB0, control, value])) for control, value in MPE]
    for channel, (start_s, key) in enumerate(NOTES, start=1):
        messages += [(start_s, bytes([0x90 + channel, key, 64]))]
        messages += [(start_s + 0.01 + 0.008 * i, bytes([0xD0 + channel, 9 * i])) for i in range(9)]
        messages += [(start_s + HELD_S, bytes([0x80 + channel, key, 64]))]
    return messages


MPE = ((101, 0), (100, 6), (6, 15))


def test_the_playing_is_found_where_it_is(player: Soloist):
    assert player.lag_s == pytest.approx(LATE_S - player.phrase.start_s, abs=0.015)
    assert player.misfit_semitones < 0.1


def test_each_touch_gets_the_part_of_the_phrase_that_it_plays(player: Soloist):
    takes = player.takes(Composer(player.space, recipe_named(player.space, "morph")))
    assert [take.target.note for take in takes] == [60.0, 64.0, 67.0, 62.0]
    for take in takes:
        held = round(take.target.held_s * 100)
        assert take.target.held_s == pytest.approx(HELD_S, abs=0.02)
        assert abs(np.median(take.target.descriptors[5:held, 2])) < 10.0
        assert take.touches[0, 0] == pytest.approx(64 / 127)


def test_the_preset_that_was_recorded_comes_nearest_of_all(player: Soloist):
    patches = {name: load(name).patch(map_frame_address()) for name in ("morph", "voice", "mallet")}
    found = {name: player.distance_db(player.play([p] * 4)) for name, p in patches.items()}
    assert found["morph"] < 0.5 * min(found["voice"], found["mallet"])


def test_the_space_says_the_phrase_better_than_in_another_tone(player: Soloist):
    itself, wrong = (
        player.distance_db(sound) for sound in (player.target_sound(), player.wrong_sound("oboe"))
    )
    assert itself < wrong


def test_what_is_played_in_time_is_learned_without_looking_for_its_lateness(player: Soloist):
    breath = load("breath")
    notes = examples(player, Composer(player.space, recipe_named(player.space, "breath")))
    assert learn(breath.mapping, notes).lags_s == (0.0, 0.0, 0.0, 0.0)


def test_a_taught_preset_takes_its_takes_and_figures_along(player: Soloist):
    bundle = diploma(player, load("breath"), "my-solo")
    again = Bundle.open(bundle.to_bytes())
    assert again.preset.card.name == "my-solo"
    assert again.preset.card.provenance.ancestors[0].name == "breath"
    assert len(takes_in(again)) == 4
    sound = player.play([again.preset.patch(map_frame_address())] * 4)
    measured = again.preset.card.metrics["recording_db"]
    assert player.distance_db(sound) == pytest.approx(measured, abs=1e-6)


def test_taught_by_the_recording_a_preset_comes_nearer_to_it(player: Soloist):
    found = {what: target_db for what, _, target_db in rows(player, load("breath"))}
    assert found["breath, taught"] < found["breath, untaught"]
    assert found["the target, as the space says it"] == 0.0


def test_loudness_does_not_count_towards_the_distance(player: Soloist):
    assert player.distance_db(player.sound * 0.1) == pytest.approx(0.0, abs=1e-6)


def test_files_that_hold_no_notes_are_refused(space: Space, player: Soloist, tmp_path: Path):
    soundfile.write(tmp_path / "solo.wav", player.sound, RATE_HZ)
    Recorder().export(tmp_path / "empty.mid")
    with pytest.raises(RecordingError, match=r"empty\.mid has no notes"):
        soloist(tmp_path / "empty.mid", tmp_path / "solo.wav", space, like="morph")
