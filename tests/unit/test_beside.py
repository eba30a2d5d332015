"""Something made in a process beside this one: its result, and what becomes of it when it dies."""

from __future__ import annotations

import os
import time

import pytest

from keur.site.beside import Beside

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork: all is made in one process")


@pytest.mark.parametrize("forked", [True, False])
def test_the_result_is_what_the_function_returned(forked: bool) -> None:
    with Beside(lambda: {"made": [1, 2], "by": os.getpid()}, forked=forked) as beside:
        made = beside.made
        assert made is beside.made
    assert made["made"] == [1, 2]
    assert (made["by"] == os.getpid()) is not forked


def test_the_other_process_ends_before_anybody_asks_however_much_it_made() -> None:
    # More than a pipe would take: it is not to hold its memory until somebody reads.
    with Beside(lambda: b"x" * 1_000_000, forked=True) as beside:
        until = time.monotonic() + 30
        while os.waitid(os.P_PID, beside._child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            assert time.monotonic() < until, "it still runs"
            time.sleep(0.01)
        assert beside.made == b"x" * 1_000_000


def test_what_a_process_that_died_was_to_make_is_made_here() -> None:
    here = os.getpid()

    def make() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return os.getpid()

    with Beside(make, forked=True) as beside:
        assert beside.made == here


def test_what_a_function_raises_is_raised_here() -> None:
    def make() -> None:
        raise ValueError("nothing to be made")

    with Beside(make, forked=True) as beside, pytest.raises(ValueError, match="nothing to be made"):
        _ = beside.made


def test_a_process_that_nobody_waits_for_is_ended() -> None:
    with Beside(lambda: time.sleep(600), forked=True) as beside:
        child = beside._child
    with pytest.raises(ChildProcessError):
        os.waitpid(child, 0)
