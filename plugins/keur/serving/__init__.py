"""``keur serve``: the site on this machine as a strict host would serve it, built again on each change of its sources.

A process that stands by builds, and is replaced when code changes; a build that fails prints its problems and leaves
the last good site as it was. Open pages reload themselves, as soon as they are made anew: the rest of the site follows
(``docs/decisions/0024-what-serve-shows-first.md``). Nothing here is for the public: it listens on the loopback address
alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from keur.serving.builder import Builder
from keur.serving.server import HOST, SiteServer, address, site_server
from keur.serving.watching import changes
from keur.terminal import say, say_error

__all__ = ["HOST", "SiteServer", "address", "serve", "site_server"]


def serve(
    output: Path, build_command: Sequence[str], conf: Path, watched: Sequence[Path], port: int, base: str = ""
) -> int:
    """Build the site, serve ``output``, build again when something below ``watched`` changes, until Ctrl-C.

    ``conf`` is the file of settings, watched as well. ``base`` is the path in front of every page ("" or "/somewhere").
    Returns 0 at the end, 2 where the port cannot be had.
    """
    try:
        server = site_server(output, port, base, reloading=True)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        say_error(f"keur: cannot listen on {HOST}:{port}: {reason}; name another port with --port")
        return 2
    with server, Builder(build_command, conf) as builder:
        thread = threading.Thread(target=server.serve_forever, name="keur-serve")
        thread.start()
        try:
            for changed in changes([*watched, conf], output):
                if changed:
                    say(f"changed: {changed}")
                builder.build(server.files_looked_at(), server.show_first)
                # What was shown first is in place now, or is not to be.
                server.show_folder()
                if not changed:
                    say(f"the site is at {address(server)} (Ctrl-C ends)")
        except KeyboardInterrupt:
            say("")
        finally:
            server.shutdown()
            thread.join()
    return 0
