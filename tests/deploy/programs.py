"""The programs that the deploy files are for: found, installed from Debian's packages where that may be, and run."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "127.0.0.1"

_SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
_PATIENCE_SECONDS = 60


def need(program: str, package: str) -> str:
    """Return a program, installed from Debian's package where it is missing and apt may be used; else skip the test."""
    found = shutil.which(program, path=_SYSTEM_PATH)
    if found is None:
        _install(package)
        found = shutil.which(program, path=_SYSTEM_PATH)
    if found is None:
        pytest.skip(
            f"{program} is not installed, and the package {package} cannot be: that needs Debian, root, network"
        )
    return found


def _install(*packages: str) -> bool:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    # In this run level a package's service is not started: the tests start their own, on ports of their own.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
    ):
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
            return False
    return True


def brotli_module() -> Path | None:
    """Return nginx's module for files compressed with brotli; None where Debian has none for this nginx."""
    if not _BROTLI_MODULE.is_file():
        _install("libnginx-mod-http-brotli-static")
    return _BROTLI_MODULE if _BROTLI_MODULE.is_file() else None


def free_port() -> int:
    """Return a port that nothing listens on, and that no system gives to a connection before the server has it."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind((HOST, port))
            return port


@contextmanager
def running(command: list[str | Path], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends. Fails with its words where it does not listen."""
    with log.open("ab") as written:
        process = subprocess.Popen([str(part) for part in command], stdout=written, stderr=written)
        try:
            _wait_until_listening(process, port, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=_PATIENCE_SECONDS)


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{process.args!r} does not listen:\n{log.read_text(errors='replace')}")


@dataclass(frozen=True)
class Answer:
    """An answer as it came: headers with small names, the body not uncompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(port: int, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """Ask a server. Names of headers are given with ``_`` for ``-``; the path goes out as it is, however odd."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE_SECONDS)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        pairs = answer.getheaders()
        names = [name.lower() for name, _ in pairs]
        assert len(set(names)) == len(names), f"{path}: a header comes twice: {pairs}"
        return Answer(answer.status, {name.lower(): value for name, value in pairs}, answer.read())
    finally:
        connection.close()


@contextmanager
def nginx(root: Path, work: Path, *, brotli: Path | None = None, hsts: bool = False) -> Iterator[int]:
    """Run nginx with ``deploy/nginx.conf`` for a site in ``root``; yield its port."""
    program = need("nginx", "nginx-light")
    port = free_port()
    options = work / "register.d"
    options.mkdir(parents=True)
    if brotli:
        shutil.copy(DEPLOY / "nginx-brotli.conf", options)
    if hsts:
        shutil.copy(DEPLOY / "nginx-hsts.conf", options)
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for ours, theirs in (
        ("listen 80;", f"listen {HOST}:{port};"),
        ("    listen [::]:80;\n", ""),
        ("root /srv/www/register/current;", f"root {root};"),
        ("/etc/nginx/register.d/", f"{options}/"),
    ):
        # What an operator changes; anything else would be a test of another file.
        assert conf.count(ours) >= 1, f"deploy/nginx.conf has no {ours!r}"
        conf = conf.replace(ours, theirs)
    (work / "register.conf").write_text(conf, encoding="utf-8")
    temporary = "\n".join(
        f"{kind}_temp_path {work / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"""\
{f"load_module {brotli};" if brotli else ""}
{"user root;" if os.geteuid() == 0 else ""}
daemon off;
pid {work / "nginx.pid"};
worker_processes 2;
events {{ worker_connections 2048; }}
http {{
{temporary}
access_log off;
keepalive_requests 100000;
include {work / "register.conf"};
}}
"""
    (work / "nginx.conf").write_text(main, encoding="utf-8")
    log = work / "nginx.log"
    with running([program, "-c", work / "nginx.conf", "-e", log], port, log):
        yield port


@contextmanager
def varnish(backend: int, work: Path) -> Iterator[int]:
    """Run Varnish with ``deploy/varnish.vcl`` in front of a port; yield its own."""
    program = need("varnishd", "varnish")
    port = free_port()
    vcl = (DEPLOY / "varnish.vcl").read_text(encoding="utf-8")
    assert vcl.count('.port = "8080";') == 1
    (work / "varnish.vcl").write_text(vcl.replace('.port = "8080";', f'.port = "{backend}";'), encoding="utf-8")
    command = [
        *(program, "-F", "-n", work / "varnish", "-a", f"{HOST}:{port}", "-f", work / "varnish.vcl"),
        *("-s", "malloc,64m", "-p", "http_gzip_support=off"),
        # Without a jail: it would need users and folders of the package's own.
        *("-j", "none"),
    ]
    with running(command, port, work / "varnish.log"):
        yield port
