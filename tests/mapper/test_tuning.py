from collections.abc import Callable
from pathlib import Path

import pytest

from mapper.scala_file import TuningError
from mapper.tuning import Tuning, read_tuning

PYTHAGOREAN = """! pyth.scl
!
Pythagorean, twelve fifths up and down
 12
!
 256/243
 9/8
 32/27
 81/64
 4/3
 729/512
 3/2
 128/81
 27/16
 16/9
 243/128
 2/1
"""
MEANTONE = """! meantone
1/4-comma meantone
7
193.15686
386.31371
503.42157
696.57843
889.73529
1082.89214
1200.
"""
WHITE_KEYS = """! white.kbm
12
0
127
60
69
440.0
7
0
x
1
x
2
3
x
4
x
5
x
6
"""


Files = Callable[..., Tuning]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    def written(
        scale: str | None = None, key_map: str | None = None, a4_hz: float = 440.0
    ) -> Tuning:
        paths = []
        for name, text in (("a.scl", scale), ("a.kbm", key_map)):
            path = tmp_path / name
            path.write_text(text or "", encoding="latin-1", newline="")
            paths.append(None if text is None else path)
        return read_tuning(*paths, a4_hz)

    return written


def notes(tuning: Tuning, *keys: int) -> list[float]:
    return [note for key in keys if (note := tuning.notes[key]) is not None]


def test_twelve_equal_semitones_leave_every_key_exactly_where_it_is():
    assert read_tuning().notes == tuple(range(128))


def test_a_reference_of_442_hz_raises_every_key_by_as_much(files: Files):
    """1200 log2(442 / 440) is 7.85141 cents."""
    raised = [100 * (note - key) for key, note in enumerate(files(a4_hz=442.0).notes)]
    assert raised == pytest.approx(128 * [7.85141], abs=1e-5)


def test_pythagorean_thirds_and_fifths_stand_on_middle_c(files: Files):
    """81/64 is 407.8200 cents, 3/2 is 701.9550, 27/16 is 905.8650; 1/1 is the equal C."""
    assert notes(files(PYTHAGOREAN), 60, 64, 67, 69, 72, 48, 55) == [
        pytest.approx(note, abs=1e-6)
        for note in (60, 64.0782000, 67.0195500, 69.0586500, 72, 48, 55.0195500)
    ]


def test_a_map_of_the_white_keys_lays_meantone_on_them(files: Files):
    """A is at 440 Hz and three fifths of 696.5784 less an octave above C: C is at 60.1026."""
    white = notes(files(MEANTONE, WHITE_KEYS), 60, 62, 64, 65, 67, 69, 71, 72)
    assert white == [
        pytest.approx(note, abs=1e-6)
        for note in (
            60.1026471, 62.0342157, 63.9657842, 65.1368628, 67.0684314, 69, 70.9315685, 72.1026471,
        )
    ]  # fmt: skip


def test_a_key_that_the_map_leaves_out_is_silent(files: Files):
    tuning = files(MEANTONE, WHITE_KEYS)
    assert [key for key in range(60, 72) if tuning.notes[key] is None] == [61, 63, 66, 68, 70]


def test_bohlen_pierce_repeats_after_a_twelfth(files: Files):
    """Thirteen steps of 146.3042 cents make 3/1, 1901.9550 cents."""
    scale = "13 equal parts of 3/1\n13\n" + "".join(
        f"{step * 146.304231}\n" for step in range(1, 13)
    )
    tuned = notes(files(scale + "3/1\n"), 60, 61, 73, 86, 47)
    assert tuned == [
        pytest.approx(note, abs=1e-6) for note in (60, 61.46304231, 79.01955, 98.0391, 40.98045)
    ]


def test_a_scale_of_no_pitches_gives_every_key_its_tonic(files: Files):
    assert set(files("nothing\n0\n").notes) == {60.0}


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("81/64", 407.82000), ("408.0", 408), ("408.", 408), (".5", 0.5), ("5", 2786.31371),
        ("-5.0", -5), ("10/20", -1200), ("100.0 cents", 100), ("100.0 C#", 100),
        ("5/4   E\\", 386.31371), ("\t 3/2", 701.95500), ("3 / 2", 701.95500), ("+7.5", 7.5),
        ("4294967297/4294967296", 0.0), ("2/1\x0c", 1200), ("5/4E", 386.31371),
    ],
)  # fmt: skip
def test_a_pitch_may_be_written_as(files: Files, written: str, cents: float):
    assert notes(files(f"a\n1\n{written}\n"), 61) == [pytest.approx(60 + cents / 100, abs=1e-6)]


@pytest.mark.parametrize(
    "text",
    [
        PYTHAGOREAN.replace("\n", "\r\n"),
        PYTHAGOREAN.replace("\n", "\r"),
        PYTHAGOREAN.replace("Pythagorean, twelve fifths up and down", ""),
        PYTHAGOREAN.replace("Pythagorean", "Pythagor\u00e9en \x85"),
        PYTHAGOREAN.replace(" 9/8\n", "! a remark\n\n 9/8 ! another\n"),
        PYTHAGOREAN + "\n! the end\nfor Bach\n\x1a",
        "\u00ef\u00bb\u00bf" + PYTHAGOREAN,
    ],
    ids=["CRLF", "CR", "no description", "latin-1", "remarks", "what follows", "mark"],
)
def test_how_a_file_is_laid_out_changes_nothing(files: Files, text: str):
    assert files(text).notes == files(PYTHAGOREAN).notes


def test_a_linear_map_moves_where_the_scale_begins(files: Files):
    """Size 0: key 62 is the tonic, and key 69 the 7th degree, a 3/2 of 701.9550 cents."""
    linear = "0\n0\n127\n62\n69\n440\n0\n"
    assert notes(files(PYTHAGOREAN, linear), 62, 69) == [pytest.approx(61.98045, abs=1e-6), 69]


def test_keys_outside_the_maps_range_are_silent(files: Files):
    tuning = files(None, "0\n40\n80\n60\n69\n440\n0\n")
    assert [key for key, note in enumerate(tuning.notes) if note is not None] == [*range(40, 81)]


def test_the_formal_octave_and_the_entries_may_lie_outside_the_scale(files: Files):
    """Two keys, degree -1 and degree 8, then the pattern again two octaves higher."""
    tuning = files(MEANTONE, "2\n0\n127\n60\n60\n261.6255653\n14\n-1\n8\n")
    assert notes(tuning, 60, 61, 62) == [
        pytest.approx(note, abs=1e-5) for note in (60, 75.1026472, 84)
    ]


def test_entries_left_out_at_the_end_are_silent_keys(files: Files):
    tuning = files(None, "12\n0\n127\n60\n60\n261.6\n12\n0\n2\n")
    assert [key - 60 for key in range(60, 84) if tuning.notes[key] is not None] == [0, 1, 12, 13]


def test_keys_that_nobody_could_hear_are_silent(files: Files):
    tuning = files("whole octaves\n1\n2/1\n")
    assert [key for key, note in enumerate(tuning.notes) if note is not None] == [*range(54, 67)]


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        ("", r"a\.scl ends after line 0 without the number of pitches"),
        ("a scale", r"a\.scl ends after line 1 without the number of pitches"),
        ("a\ntwelve\n", r"line 2 of a\.scl is 'twelve' and not the number of pitches"),
        ("a\n-1\n", "line 2 .* '-1'"),
        ("a\n2\n3/2\n", "ends after line 3 without a pitch"),
        ("! a\na\n2\n! b\n3/2\n$\n", r"line 6 of a\.scl is '\$' and not a pitch; write a ratio"),
        ("a\n1\n-4/3\n", "line 3 .* has the ratio -4/3, not above 0"),
        ("a\n1\n4/-3\n", "line 3 .* has the ratio 4/-3, not above 0"),
        ("a\n1\n0\n", "line 3 .* has the ratio 0,"),
        ("a\n1\n1/0\n", "line 3 .* has the ratio 1/0,"),
        ("a\n1\n3/2/1\n", "line 3 .* '3/2/1'"),
        ("a\n1\n100,0\n", "line 3 .* '100,0'"),
        ("a\n1\n408.0.5\n", "line 3 .* '408.0.5'"),
        ("a\n1\n1.5e3\n", "line 3 .* '1.5e3'"),
        ("a\n1\n.\n", "line 3"),
        (f"a\n1\n{'9' * 5000}\n", r"line 3 .* '9{37}\.\.\.'"),
        ("a\n1\n3/2\n\n2/1\n", "line 5 .* one pitch more than the 1 that line 2 announces"),
    ],
)  # fmt: skip
def test_a_wrong_scale_is_refused_with_its_line(files: Files, scale: str, message: str):
    with pytest.raises(TuningError, match=message):
        files(scale)


@pytest.mark.parametrize(
    ("key_map", "message"),
    [
        ("", "ends after line 0 without the size of the map"),
        ("x\n", r"line 1 of a\.kbm is 'x' and not the size of the map"),
        ("0\n0\n127\n60\n69\n", "ends after line 5 without the reference frequency"),
        ("0\n9\n5\n", "line 3 .* has a last key below the first, 9"),
        ("0\n0\n127\n60\nA\n", "line 5 .* 'A' and not the reference key"),
        ("0\n0\n127\n60\n69\n0.0\n", r"line 6 .* has the frequency 0\.0, not above 0"),
        ("0\n0\n127\n60\n69\n-440\n", "line 6 .* '-440'"),
        ("0\n0\n127\n60\n69\n440\n", "without the formal octave's degree"),
        ("1\n0\n127\n60\n69\n440\n1\n1.5\n", "line 8 .* no entry of the map"),
        ("1\n0\n127\n60\n69\n440\n1\n0\n1\n", "line 9 .* one entry more than the 1 that line 1"),
        ("2\n0\n127\n60\n69\n440\n1\n0\nx\n", "line 5 .* key 69, which the map leaves out"),
    ],
)
def test_a_wrong_map_is_refused_with_its_line(files: Files, key_map: str, message: str):
    with pytest.raises(TuningError, match=message):
        files(None, key_map)


@pytest.mark.parametrize("a4_hz", [379.9, 500.1, float("nan")])
def test_a_reference_out_of_range_is_refused(a4_hz: float):
    with pytest.raises(TuningError, match="choose from 380 to 500"):
        read_tuning(a4_hz=a4_hz)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(TuningError, match="No such file"):
        read_tuning(tmp_path / "none.scl")


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path):
    path = tmp_path / "large.scl"
    path.write_bytes(bytes(1 << 21))
    with pytest.raises(TuningError, match="larger than a megabyte"):
        read_tuning(path)
