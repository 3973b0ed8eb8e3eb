"""What a corpus on disk must look like."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.space import Source
from synth.training.corpus import CorpusError, Note, read_corpus, read_sources, thin
from synth.training.features import recording

NSYNTH_ENTRY = {
    "note": 201034, "note_str": "bass_synthetic_033-022-050", "instrument": 417,
    "instrument_str": "bass_synthetic_033", "pitch": 22, "velocity": 50, "sample_rate": 16000,
    "qualities": [0] * 10, "qualities_str": ["dark"], "instrument_family": 0,
    "instrument_family_str": "bass", "instrument_source": 2, "instrument_source_str": "synthetic",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def write(folder: Path, split: str, examples: object):
    (folder / split).mkdir(parents=True, exist_ok=True)
    (folder / split / "examples.json").write_text(json.dumps(examples))


def test_the_nsynth_dataset_reads_as_it_is(tmp_path: Path):
    write(tmp_path, "nsynth-train", {"bass_synthetic_033-022-050": NSYNTH_ENTRY})
    (note,) = read_corpus(tmp_path)
    assert note.path == tmp_path / "nsynth-train/audio/bass_synthetic_033-022-050.wav"
    assert (note.split, note.pitch, note.velocity) == ("train", 22, 50)
    assert (note.instrument, note.family) == ("bass_synthetic_033", "bass")


def test_a_note_knows_how_high_its_recording_reaches(tmp_path: Path):
    full = NSYNTH_ENTRY | {"sample_rate": 48_000}
    write(tmp_path, "train", {"a": NSYNTH_ENTRY, "b": full})
    assert [note.top_hz for note in read_corpus(tmp_path)] == [7200.0, math.inf]


def test_a_note_that_moves_has_a_track(tmp_path: Path):
    write(tmp_path, "train", {"a": NSYNTH_ENTRY | {"pitch_track": [22, 22.5]}, "b": NSYNTH_ENTRY})
    assert [note.heard_pitch for note in read_corpus(tmp_path)] == [(22.0, 22.5), 22]


def test_the_sources_are_read(tmp_path: Path):
    told = {"name": "cellar", "licence": "CC0-1.0", "provenance": ["Recorded in a cellar."]}
    (tmp_path / "sources.json").write_text(json.dumps([told]))
    assert read_sources(tmp_path) == [Source(**told)]


def test_nsynth_is_known_by_its_folders(tmp_path: Path):
    write(tmp_path, "nsynth-train", {})
    (source,) = read_sources(tmp_path)
    assert (source.name, source.licence) == ("the NSynth dataset", "CC-BY-4.0")


def test_sources_of_nothing_known_are_the_users_own(tmp_path: Path):
    (source,) = read_sources(tmp_path)
    assert source.licence == "not stated"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it must be a list of sources in JSON"),
        ("{}", "it must be a list of sources in JSON"),
        ("[1]", "source 1 must have a name, a licence and a provenance, and no more"),
        ("[{}]", "source 1 must have its name, which is text"),
        ('[{"name": "a"}, {"name": 3}]', "source 2 must have its name, which is text"),
        ('[{"name": "a", "licence": 1}]', "source 1 must have its licence, which is text"),
        (
            '[{"name": "a", "provenance": "b"}]',
            "the provenance of source 1 must be a list of lines",
        ),
        (
            '[{"name": "a", "b": 1}]',
            "source 1 must have a name, a licence and a provenance, and no",
        ),
    ],
)
def test_sources_that_are_none_are_refused_in_words_of_ones_own(
    tmp_path: Path, text: str, why: str
):
    (tmp_path / "sources.json").write_text(text)
    with pytest.raises(CorpusError, match="does not tell the corpus' sources") as refused:
        read_sources(tmp_path)
    assert f"({why}" in str(refused.value)


def test_each_note_knows_its_split(tmp_path: Path):
    for split in ("train", "valid", "test"):
        write(tmp_path, split, {f"{split}-1": NSYNTH_ENTRY})
    assert {note.key: note.split for note in read_corpus(tmp_path)} == {
        "train-1": "train", "valid-1": "valid", "test-1": "test",
    }  # fmt: skip


def test_a_folder_without_training_notes_is_refused(tmp_path: Path):
    write(tmp_path, "valid", {"a": NSYNTH_ENTRY})
    with pytest.raises(CorpusError, match=r"no notes to train on; it needs train/examples\.json"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    "missing", ["pitch", "velocity", "instrument_str", "instrument_family_str"]
)
def test_an_entry_without_a_field_is_named(tmp_path: Path, missing: str):
    write(tmp_path, "train", {"a": {k: v for k, v in NSYNTH_ENTRY.items() if k != missing}})
    with pytest.raises(CorpusError, match=missing):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not written in JSON"),
        ("[]", "it must be notes by their names"),
        ('{"a": 1}', "a has a number that is none, or a name that is no text"),
        ('{"a": {"instrument_str": "b"}}', "a lacks its instrument_family_str"),
    ],
)
def test_what_is_wrong_with_a_corpus_is_said_in_plain_words(tmp_path: Path, text: str, why: str):
    write(tmp_path, "train", {})
    (tmp_path / "train/examples.json").write_text(text)
    with pytest.raises(CorpusError) as refused:
        read_corpus(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / 'train/examples.json'} does not follow NSynth's layout: {why}; repair it or "
        "build the corpus again"
    )


@given(examples=JSON)
def test_any_json_is_a_corpus_or_refused(
    tmp_path_factory: pytest.TempPathFactory, examples: object
):
    folder = tmp_path_factory.mktemp("corpus")
    write(folder, "train", examples)
    with pytest.raises(CorpusError):
        read_corpus(folder)


@pytest.mark.parametrize(
    "odd",
    [
        {"velocity": 200},
        {"pitch": -1},
        {"pitch": float("inf")},
        {"pitch_track": [float("nan")]},
        {"instrument_family_str": 3},
        {"instrument_name": 3},
    ],
)
def test_a_note_that_no_key_plays_or_that_has_no_name_is_refused(
    tmp_path: Path, odd: dict[str, object]
):
    write(tmp_path, "train", {"a-060-100": NSYNTH_ENTRY | odd})
    with pytest.raises(CorpusError, match="does not follow NSynth's layout"):
        read_corpus(tmp_path)


def test_a_large_corpus_whose_pitches_all_lie_off_the_grid_is_thinned():
    off = [replace(note, pitch=61) for note in notes_of(30)]
    assert 0 < len(thin(off, 20)) <= 20


def notes_of(n_instruments: int, split: str = "train"):
    return [
        Note(
            path=Path(f"{i}-{pitch}.wav"), split=split, instrument=f"i{i:03d}", name="i",
            family="bass", pitch=pitch, velocity=50,
        )
        for i in range(n_instruments)
        for pitch in range(24, 84)
    ]  # fmt: skip


def test_a_small_corpus_is_kept_whole():
    assert thin(notes_of(3), 180) == notes_of(3)


@given(st.integers(1, 40), st.integers(15, 300))
def test_a_large_corpus_is_thinned_to_the_limit(n_instruments: int, n_notes: int):
    assert 0 < len(thin(notes_of(n_instruments), n_notes)) <= n_notes


def test_thinning_keeps_every_fourth_pitch_of_an_instrument():
    kept = [n.pitch for n in thin(notes_of(40), 100) if n.instrument == "i000"]
    assert kept == list(range(24, 84, 4))


def test_a_recording_that_is_not_audio_is_named(tmp_path: Path):
    (tmp_path / "0-24.wav").write_bytes(b"no audio")
    note = replace(notes_of(1)[0], path=tmp_path / "0-24.wav")
    with pytest.raises(CorpusError, match=r"0-24\.wav cannot be read as audio; restore it"):
        recording(note)
