"""Big words: letters of blocks, five rows high, that can be read from across a room."""

import textwrap
from typing import Final

ROWS: Final = 5
CELL: Final = "██"
GAP: Final = "  "
_WIDTH: Final = 3 * len(CELL) + len(GAP)
"""Of a letter and the gap after it."""
GLYPHS: Final = {
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
    "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447",
    "M": "57755", "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655",
    "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "61247", "3": "61216",
    "4": "55711", "5": "74616", "6": "34656", "7": "71222", "8": "25252", "9": "35316",
    " ": "00000", ".": "00002", "!": "22202", "?": "61202", "-": "00700", "'": "22000",
    "+": "02720", "/": "11244", ":": "02020", ",": "00024",
}  # fmt: skip
"""Each glyph's rows from the top, one octal digit for three pixels."""


def big(words: str, width: int) -> list[str]:
    """Draw words on rows of at most `width` characters; too long or foreign ones stay small.

    >>> big("Hi", 20)[:3]
    ['██  ██  ██████', '██  ██    ██  ', '██████    ██  ']
    >>> len(big("Hi Hi", 20))
    11
    >>> big("Hi", 10)
    ['Hi']
    """
    most_letters = (width + len(GAP)) // _WIDTH
    lines = textwrap.wrap(words.upper(), max(most_letters, 1), break_long_words=False)
    is_drawable = all(letter in GLYPHS for letter in words.upper())
    if not is_drawable or any(len(line) > most_letters for line in lines):
        return [words]
    drawn = [[_row(line, row) for row in range(ROWS)] for line in lines]
    return [row for place, rows in enumerate(drawn) for row in [" ", *rows][not place :]]


def _row(line: str, row: int) -> str:
    return GAP.join(_pixels(letter, row) for letter in line)


def _pixels(letter: str, row: int) -> str:
    pixels = int(GLYPHS[letter][row], 8)
    return "".join(CELL if pixels & bit else "  " for bit in (4, 2, 1))
