"""The site on this machine: what is answered, what is not, and when it is built again."""

import html
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keur.publishing.headers import CONTENT_SECURITY_POLICY
from keur.serving import HOST, SiteServer, address, serve, site_server
from tests.serving import serving

PAGES = {
    "index.html": "root",
    "404.html": "nothing here",
    "nl/index.html": "begin",
    "nl/certificates/αδ-١٢٣/index.html": "letters",
    "assets/0/js/main.js": "export {};",
    "assets/0/css/site.css": "a {}",
    "assets/0/img/favicon.svg": "<svg/>",
    "search/0/words.json": "{}",
    "site.webmanifest": "{}",
    "SHA256SUMS": "0  index.html",
    "odd.unknown": "?",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small site, beside a file that is none of it."""
    (tmp_path / "secret.txt").write_text("secret")
    for name, text in PAGES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "site" / "empty").mkdir()
    return tmp_path / "site"


@pytest.fixture(params=["", "/some/where"])
def base(request: pytest.FixtureRequest) -> str:
    """The path in front of every page."""
    return str(request.param)


@pytest.fixture
def port(folder: Path, base: str) -> Iterator[int]:
    """The port of a server of the small site."""
    server = site_server(folder, base=base)
    with serving(server):
        yield server.server_port


def _ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "text", "content_type"),
    [
        ("/", "root", "text/html; charset=utf-8"),
        ("/nl/", "begin", "text/html; charset=utf-8"),
        ("/nl/?q=29/0107#top", "begin", "text/html; charset=utf-8"),
        ("/nl/certificates/%CE%B1%CE%B4-%D9%A1%D9%A2%D9%A3/", "letters", "text/html; charset=utf-8"),
        ("/assets/0/js/main.js", "export {};", "text/javascript; charset=utf-8"),
        ("/assets/0/css/site.css", "a {}", "text/css; charset=utf-8"),
        ("/assets/0/img/favicon.svg", "<svg/>", "image/svg+xml"),
        ("/search/0/words.json", "{}", "application/json"),
        ("/site.webmanifest", "{}", "application/manifest+json"),
        ("/SHA256SUMS", "0  index.html", "text/plain; charset=utf-8"),
        ("/odd.unknown", "?", "application/octet-stream"),
    ],
)
def test_files_are_answered_with_their_type(port: int, base: str, path: str, text: str, content_type: str) -> None:
    status, headers, body = _ask(port, base + path)
    assert (status, headers["Content-Type"], body) == (200, content_type, text)


@pytest.mark.parametrize("path", ["/nl/", "/nl", "/nowhere/", "/%ff", "/../secret.txt"])
def test_every_answer_has_the_strict_policy_and_is_asked_for_again(port: int, base: str, path: str) -> None:
    _, headers, _ = _ask(port, base + path)
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/nowhere/", "/nl/nowhere", "/empty/", "/empty", "/index.html/", "/nl/index.html/x", "/" + "x" * 300, "/%00"],
)
def test_what_is_not_there_is_the_sites_own_page(port: int, base: str, path: str) -> None:
    status, headers, body = _ask(port, base + path)
    assert (status, headers["Content-Type"], body) == (404, "text/html; charset=utf-8", "nothing here")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/nl/../../secret.txt",
        "/nl/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//../secret.txt",
        "/..;/secret.txt",
        "/link.txt",
    ],
)
def test_nothing_outside_the_folder_is_answered(folder: Path, port: int, base: str, path: str) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    status, _, body = _ask(port, base + path)
    assert (status, body) == (404, "nothing here")


def test_a_path_that_is_no_text_is_a_bad_request(port: int, base: str) -> None:
    assert _ask(port, f"{base}/%ff")[0] == 400


def test_other_methods_are_refused(port: int, base: str) -> None:
    assert _ask(port, f"{base}/", "POST")[0] == 501


def test_headers_alone_have_no_body(port: int, base: str) -> None:
    status, headers, body = _ask(port, f"{base}/nl/", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "5", "")


def test_a_folder_leads_to_its_page_with_the_query_kept(port: int, base: str) -> None:
    status, headers, _ = _ask(port, f"{base}/nl?q=29%2F0107")
    assert (status, headers["Location"]) == (301, f"{base}/nl/?q=29%2F0107")


def test_a_redirect_stays_on_this_host(folder: Path, port: int, base: str) -> None:
    (folder / "evil.example").mkdir()
    (folder / "evil.example" / "index.html").touch()
    status, headers, _ = _ask(port, f"{base}//evil.example")
    assert (status, headers["Location"]) == (301, f"{base}/evil.example/")


def test_the_root_leads_to_the_base_path(folder: Path) -> None:
    server = site_server(folder, base="/some/where")
    with serving(server) as origin:
        assert address(server) == f"{origin}/some/where/"
        assert _ask(server.server_port, "/")[1]["Location"] == "/some/where/"
        assert _ask(server.server_port, "/nl/")[0] == 404


def test_a_browser_that_hangs_up_is_no_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with site_server(folder) as server:
        for fault in (BrokenPipeError, ConnectionResetError):
            try:
                raise fault
            except ConnectionError:
                server.handle_error(None, (HOST, 1))
    assert capsys.readouterr().err == ""


def test_only_this_machine_is_listened_to(folder: Path) -> None:
    with site_server(folder) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("port", [70000, -1])
def test_a_port_that_is_none_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], port: int) -> None:
    assert serve(tmp_path, [sys.executable, "--version"], tmp_path / "conf.py", [tmp_path], port) == 2
    assert capsys.readouterr().err == (
        f"keur: cannot listen on 127.0.0.1:{port}: there is no such port; name another port with --port\n"
    )


def test_a_port_in_use_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert serve(tmp_path, [sys.executable, "--version"], tmp_path / "conf.py", [tmp_path], port) == 2
    assert capsys.readouterr().err.startswith(f"keur: cannot listen on 127.0.0.1:{port}: ")


# --- building again ---------------------------------------------------------------------------------------------------

_BUILD = """
import os, pathlib, sys
source, output = map(pathlib.Path, sys.argv[1:3])
def build(by):
    text = (source / "text.yaml").read_text()
    if "bad" in text:
        print("text.yaml:1: bad", flush=True)
        return 1
    if "exit" in text:
        sys.exit(3)
    (output / "index.html").write_text(text)
    print("built", text, "by", by, flush=True)
    return 0
if "--stand-by" not in sys.argv:
    sys.exit(build("one for Pelican"))
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
for _ in sys.stdin:
    ask = "content" in (source / "text.yaml").read_text()
    print("\\0pelican" if ask else f"\\0{build(os.getpid())}", flush=True)
"""

_SERVE = """
import signal, sys
from pathlib import Path
from keur.serving import serve
# A shell starts what runs in the background deaf to Ctrl-C, and so it starts the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
source, output, *build = sys.argv[1:]
sys.exit(serve(Path(output), build, Path(source).parent / "conf.py", [Path(source)], 0))
"""


class Served:
    """A ``serve`` in a process of its own, whose lines can be waited for."""

    def __init__(self, folder: Path, build_program: str = _BUILD) -> None:
        self.source, self.output = folder / "source", folder / "output"
        self.source.mkdir()
        self.output.mkdir()
        self.conf = folder / "conf.py"
        self.conf.touch()
        self.write("first")
        build = [sys.executable, "-c", build_program, str(self.source), str(self.output)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self.source), str(self.output), *build],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip("\n") for line in iter(self.process.stdout.readline, ""))

    def write(self, text: str) -> None:
        """Change the source, in one step: emptied first and filled later it would be two changes."""
        new = self.source.with_name("text.new")
        new.write_text(text)
        new.replace(self.source / "text.yaml")

    def wait_for(self, line: str, count: int = 1) -> str:
        """Wait until a line that begins so was printed that often; return the last of them."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = [printed for printed in list(self.lines) if printed.startswith(line)]
            if len(found) >= count:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no line {line!r} in {self.lines}")

    def end(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A running ``serve``, ended at the end of the test."""
    running = Served(tmp_path)
    yield running
    if running.process.poll() is None:
        running.end()


def test_a_change_is_built_and_ctrl_c_ends_well(served: Served) -> None:
    port = int(served.wait_for("the site is at ").split(":")[2].partition("/")[0])
    assert _ask(port, "/")[2] == "first"
    served.write("second")
    served.wait_for("built second")
    assert _ask(port, "/")[2] == "second"
    assert served.end() == 0
    assert not any("Traceback" in line for line in served.lines)


def test_a_failed_build_keeps_the_last_good_site(served: Served) -> None:
    port = int(served.wait_for("the site is at ").split(":")[2].partition("/")[0])
    served.write("bad")
    served.wait_for("text.yaml:1: bad")
    served.wait_for("keur: the site stays as it was")
    assert _ask(port, "/")[2] == "first"
    served.write("third")
    served.wait_for("built third")


def test_what_the_build_writes_starts_no_build(served: Served) -> None:
    served.wait_for("the site is at ")
    (served.source / "__pycache__").mkdir()
    (served.source / "__pycache__" / "x.pyc").touch()
    (served.output / "other.html").touch()
    served.write("second")
    served.wait_for("built second")
    time.sleep(1)
    assert [line for line in served.lines if line.startswith("changed")] == [f"changed: {served.source / 'text.yaml'}"]


def test_a_folder_or_file_that_is_replaced_as_a_whole_is_still_watched(served: Served) -> None:
    """An exporter that swaps its folder, an editor that swaps its file."""
    served.wait_for("the site is at ")
    new = served.source.with_name("new")
    new.mkdir()
    (new / "text.yaml").write_text("swapped")
    served.source.rename(served.source.with_name("old"))
    new.rename(served.source)
    served.wait_for("built swapped")
    served.write("after")
    served.wait_for("built after")
    for count in (2, 3):
        other = served.conf.with_name("conf.py.new")
        other.write_text(f"{count}")
        other.replace(served.conf)
        served.wait_for("built after", count)


def test_one_builder_stands_by_for_all_builds_and_ends_with_the_server(served: Served) -> None:
    builder = served.wait_for("built first by ").split()[-1]
    served.wait_for("the site is at ")
    for text in ("second", "bad", "third"):
        served.write(text)
        served.wait_for("text.yaml:1: bad" if text == "bad" else f"built {text} by {builder}")
    assert served.end() == 0
    _gone(int(builder))


def test_a_builder_that_ends_is_replaced(served: Served) -> None:
    builder = served.wait_for("built first by ").split()[-1]
    served.wait_for("the site is at ")
    served.write("exit")
    served.wait_for("keur: the site stays as it was")
    served.write("second")
    assert served.wait_for("built second by ").split()[-1] != builder


def test_changed_code_is_a_new_builders(served: Served) -> None:
    builder = served.wait_for("built first by ").split()[-1]
    served.wait_for("the site is at ")
    served.conf.write_text("CHANGED = True")
    assert served.wait_for("built first by ", 2).split()[-1] != builder
    _gone(int(builder))


def test_what_pelican_reads_is_built_by_a_process_of_its_own(served: Served) -> None:
    builder = served.wait_for("built first by ").split()[-1]
    served.wait_for("the site is at ")
    served.write("content")
    served.wait_for("built content by one for Pelican")
    served.write("second")
    served.wait_for(f"built second by {builder}")


_SHOW_FIRST = """
import json, pathlib, sys, time
from keur.standby import ANSWER, SHOWN, order
from base64 import b64encode
source, output = map(pathlib.Path, sys.argv[1:3])
built = ""
for line in sys.stdin:
    text = (source / "text.yaml").read_text()
    page = f"<html><head></head><body>{text}</body></html>"
    if built:
        files = {name: b64encode(page.encode()).decode() for name in (*json.loads(line), "new/index.html")}
        print(SHOWN + json.dumps(files), flush=True)
        print("shown", text, json.loads(line), flush=True)
        while not (source.parent / "go on").exists():
            time.sleep(0.01)
        (source.parent / "go on").unlink()
    if "bad" not in text:
        (output / "index.html").write_text(page)
        built = text
    print("built", built, flush=True)
    print(f"{ANSWER}{int('bad' in text)}", flush=True)
"""


def test_a_page_that_is_looked_at_is_shown_before_all_is_built(tmp_path: Path) -> None:
    running = Served(tmp_path, _SHOW_FIRST)
    go_on = tmp_path / "go on"
    try:
        port = int(running.wait_for("the site is at ").split(":")[2].partition("/")[0])
        waiting = _changes_of(_ask(port, "/")[2])
        with _listening(port, waiting) as answer:
            running.write("second")
            running.wait_for("shown second ['index.html']")
            assert "event: changed\n" in [line.decode() for line in answer]
        assert "<body>second</body>" in _ask(port, "/")[2]
        assert "<body>second</body>" in _ask(port, "/new/")[2]
        assert "first" in (running.output / "index.html").read_text()
        waiting = _changes_of(_ask(port, "/")[2])
        go_on.touch()
        running.wait_for("built second")
        # The page is the same as before, so nobody has to load it again.
        with _listening(port, waiting):
            running.write("third, which comes out bad")
            running.wait_for("shown third, which comes out bad ['index.html']")
        assert "<body>third" in _ask(port, "/")[2]
        waiting = _changes_of(_ask(port, "/")[2])
        with _listening(port, waiting) as answer:
            go_on.touch()
            running.wait_for("keur: the site stays as it was")
            assert "event: changed\n" in [line.decode() for line in answer]
        assert "<body>second</body>" in _ask(port, "/")[2]
        assert _ask(port, "/new/")[0] == 404
        running.write("fourth")
        running.wait_for("shown fourth")
        go_on.touch()
        running.wait_for("built fourth")
    finally:
        go_on.touch()
        assert running.end() == 0


def test_pages_that_are_looked_at_are_those_whose_readers_wait(reloading: SiteServer, base: str) -> None:
    port = reloading.server_port
    pages = [_changes_of(_ask(port, base + path)[2]) for path in ("/", "/nl/", "/nowhere/")]
    assert list(reloading.files_looked_at()) == []
    with _listening(port, pages[0]), _listening(port, pages[1]), _listening(port, pages[2]), _listening(port, pages[0]):
        assert list(reloading.files_looked_at()) == ["index.html", "nl/index.html"]


@pytest.mark.skipif(os.name == "nt", reason="asks a signal whether a process is there")
def test_ctrl_c_ends_a_builder_that_builds(tmp_path: Path) -> None:
    endless = "import os, sys, time; print('building', os.getpid(), flush=True); time.sleep(600)"
    running = Served(tmp_path, endless)
    builder = int(running.wait_for("building ").split()[-1])
    assert running.end() == 0
    _gone(builder)


def _gone(process: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


# --- pages that reload themselves -------------------------------------------------------------------------------------

_PAGE = "<html><head><title>x</title></head><body>{}</body></html>"


@pytest.fixture
def reloading(folder: Path, base: str) -> Iterator[SiteServer]:
    """A server whose pages reload themselves."""
    for name in ("index.html", "nl/index.html", "404.html"):
        (folder / name).write_text(_PAGE.format(name))
    (folder / "release.css").write_text("")
    server = site_server(folder, base=base, reloading=True)
    with serving(server):
        yield server


def _changes_of(body: str) -> str:
    """Return where a page that reloads itself waits for its changes."""
    source = re.search(r'<script type="module" src="/__keur/reload\.js(\?[^"]+)"></script></head>', body)
    assert source
    return f"/__keur/changes{html.unescape(source[1])}"


@pytest.mark.parametrize(("path", "status"), [("/nl/", 200), ("/nl/?q=%22%3E", 200), ("/nowhere/%22/", 404)])
def test_each_page_gets_the_script_and_headers_say_its_length(
    reloading: SiteServer, base: str, path: str, status: int
) -> None:
    port = reloading.server_port
    found, headers, body = _ask(port, base + path)
    assert (found, int(headers["Content-Length"])) == (status, len(body.encode()))
    assert _changes_of(body).startswith("/__keur/changes?page=")
    assert _ask(port, base + path, "HEAD")[1]["Content-Length"] == headers["Content-Length"]
    assert "__keur" not in _ask(port, f"{base}/assets/0/js/main.js")[2]
    found, headers, script = _ask(port, "/__keur/reload.js?page=/nl/")
    assert (found, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "EventSource" in script
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_site_alone_has_no_such_script(port: int, base: str) -> None:
    assert "__keur" not in _ask(port, f"{base}/nl/")[2]
    assert _ask(port, "/__keur/reload.js")[0] == 404


@pytest.mark.parametrize("changed", ["nl/index.html", "release.css"])
def test_a_page_is_told_when_it_has_changed(reloading: SiteServer, base: str, folder: Path, changed: str) -> None:
    port = reloading.server_port
    waiting, other = (_changes_of(_ask(port, base + path)[2]) for path in ("/nl/", "/nowhere/"))
    with _listening(port, waiting) as answer, _listening(port, other) as others:
        (folder / changed).write_text(_PAGE.format("changed"))
        reloading.tell_changes()
        assert "event: changed\n" in [line.decode() for line in answer]
        # A reader who asks after the change, as one who comes back to a page does, is told at once.
        assert "event: changed" in _ask(port, waiting)[2]
        if changed == "release.css":
            assert "event: changed\n" in [line.decode() for line in others]


def test_no_thread_is_left_of_a_server_that_ends(folder: Path) -> None:
    before = set(threading.enumerate())
    (folder / "nl" / "index.html").write_text(_PAGE.format("page"))
    with site_server(folder, reloading=True) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        idle = http.client.HTTPConnection(HOST, server.server_port, timeout=60)
        idle.request("GET", "/nl/")
        waiting = _changes_of(idle.getresponse().read().decode())
        with _listening(server.server_port, waiting) as answer:
            server.shutdown()
            thread.join()
            server.server_close()
            assert "event: changed\n" not in [line.decode() for line in answer]
        idle.close()
    assert set(threading.enumerate()) == before


@contextmanager
def _listening(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """Wait for changes, and give the answer of which the first line was read."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.readline() == b"retry: 500\n"
        yield answer
    finally:
        connection.close()
