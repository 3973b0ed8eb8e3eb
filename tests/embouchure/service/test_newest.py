"""Of what is asked for quickly the last is done, whatever became of the one before."""

import threading

import pytest

from embouchure.service.newest import Newest
from tests.embouchure.studio import wait_for

PATIENCE_S = 5.0


def test_of_many_the_last_is_done() -> None:
    newest, done, may_go = Newest(0.01), [], threading.Event()
    newest.ask(lambda: may_go.wait(PATIENCE_S))
    for number in range(5):
        newest.ask(lambda number=number: done.append(number))
    may_go.set()
    assert wait_for(lambda: done, PATIENCE_S)
    assert done == [4]


def test_after_one_that_failed_the_next_is_done(caplog: pytest.LogCaptureFixture) -> None:
    newest, done = Newest(0.01), []
    newest.ask(lambda: {}["nothing"])
    assert wait_for(lambda: "failed" in caplog.text, PATIENCE_S)
    newest.ask(lambda: done.append(1))
    assert wait_for(lambda: done, PATIENCE_S)
