import io

import pytest
from rich.console import Console

from calibration.guide import Show
from embouchure.big_words import GLYPHS, ROWS, big
from embouchure.guided_view import PlainGuidedView, draw


def drawn(page: Show, width: int = 80) -> str:
    text = io.StringIO()
    Console(file=text, width=width).print(draw(page, width))
    return text.getvalue()


def test_a_title_is_drawn_in_letters_of_five_rows() -> None:
    assert sum("██" in line for line in drawn(Show("Play")).splitlines()) == ROWS


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    page = Show("too little movement", "Press.", progress=0.5, meters={"press": 0.7, "bend": 2.0})
    assert max(map(len, drawn(page, width).splitlines())) <= width


def test_words_that_do_not_fit_on_one_row_go_to_several() -> None:
    assert len(big("LOWEST KEY", 60)) == 2 * ROWS + 1


def test_every_letter_differs_from_every_other() -> None:
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_meters_stop_at_their_ends() -> None:
    assert drawn(Show("", meters={"press": 7.0})) == drawn(Show("", meters={"press": 1.0}))


def test_a_log_has_each_page_once() -> None:
    text = io.StringIO()
    view = PlainGuidedView(Console(file=text))
    for progress in (0.1, 0.2):
        view.turn_to(Show("LISTEN", "to this", progress=progress))
    view.turn_to(Show("PLAY"))
    assert text.getvalue() == "LISTEN: to this\nPLAY\n"
