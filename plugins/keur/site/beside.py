"""Something made beside the rest: in a forked process, while this one goes on."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

MadeT = TypeVar("MadeT")


class Beside(Generic[MadeT]):
    """What a function makes; ``forked`` asks for a process of its own, where the system can fork.

    A process that dies, or a function that raises in it, is nothing to worry about: it is called again here, and raises
    here what it has to say. Use it in a ``with`` block: at its end a process that nobody waits for is ended.
    """

    def __init__(
        self,
        make: Callable[[], MadeT],
        *,
        forked: bool,
        let_go: Callable[[], None] | None = None,
        waits: bool = False,
    ) -> None:
        """``let_go`` closes in the other process what it is not to hold on to when this one ends.

        Where it ``waits``, it begins when ``begin`` is called.
        """
        self._make = make
        self._made: MadeT | None = None
        self._child = 0
        self._is_forked = forked and hasattr(os, "fork")
        self._let_go = let_go
        if not waits:
            self.begin()

    def begin(self) -> None:
        """Begin, unless that is done."""
        if not self._is_forked or self._child:
            return
        # A file and no pipe: a process that waited for its reader would hold on to all the memory it took.
        self._result = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it was read, or at the end of the block
        self._child = os.fork()
        if self._child:
            return
        code = 1
        try:
            if self._let_go:
                self._let_go()
            pickle.dump(self._make(), self._result, pickle.HIGHEST_PROTOCOL)
            self._result.flush()
            code = 0
        finally:
            # Nothing of the parent's is ended here: no handlers, no buffers.
            os._exit(code)

    def __enter__(self) -> Beside[MadeT]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0
            self._result.close()

    @property
    def made(self) -> MadeT:
        """What the function made, as soon as it has."""
        if self._made is None:
            self._made = self._received() if self._child else self._make()
        return self._made

    def _received(self) -> MadeT:
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        with self._result:
            if status:
                return self._make()
            self._result.seek(0)
            made: MadeT = pickle.load(self._result)  # noqa: S301  # by this very program
            return made
