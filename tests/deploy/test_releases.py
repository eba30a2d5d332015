"""Readers on nginx while releases follow each other: no fault, and each answer is of one release.

``KEUR_READERS=200 KEUR_RELEASES=800`` is the big run, whose count stands in docs/decisions/0009-headers-and-hosts.md.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.deploy.programs import HOST, nginx

READERS = int(os.environ.get("KEUR_READERS", "20"))
RELEASES = int(os.environ.get("KEUR_RELEASES", "60"))
PAGES = 40


def _write_release(folder: Path, name: str) -> None:
    """Write a release whose pages all say its name, many times over: half an old page would show."""
    for number in range(PAGES):
        page = folder / name / f"c/{number}/index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"{name}\n" * 2000)
    (folder / name / "404.html").write_text("nothing")


async def _read(port: int, ended: asyncio.Event, faults: list[str], first: int) -> int:
    answers = 0
    reader, writer = await asyncio.open_connection(HOST, port)
    while not ended.is_set():
        path = f"/c/{(first + answers) % PAGES}/"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: register.example\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[16:]) for line in head.splitlines() if line.lower().startswith("content-length: "))
        body = (await reader.readexactly(length)).decode()
        lines = set(body.splitlines())
        if not head.startswith("HTTP/1.1 200 ") or len(lines) != 1 or not lines.pop().startswith("release-"):
            faults.append(f"{path}: {head.splitlines()[0]}: {body[:60]!r}")
        answers += 1
    writer.close()
    return answers


async def _swap(folder: Path, ended: asyncio.Event) -> None:
    for number in range(RELEASES):
        link = folder / ".current.new"
        link.symlink_to(f"release-{number % 2}")
        link.rename(folder / "current")
        await asyncio.sleep(0.01)
    ended.set()


async def _run(port: int, folder: Path) -> tuple[int, list[str]]:
    ended = asyncio.Event()
    faults: list[str] = []
    readers = [_read(port, ended, faults, first) for first in range(READERS)]
    *answers, _ = await asyncio.gather(*readers, _swap(folder, ended))
    return sum(answers), faults


def test_no_reader_meets_a_fault_while_releases_follow_each_other(tmp_path: Path) -> None:
    for name in ("release-0", "release-1"):
        _write_release(tmp_path, name)
    (tmp_path / "current").symlink_to("release-1")
    # In a thread of its own: a browser test before this one leaves its event loop running.
    with nginx(tmp_path / "current", tmp_path / "nginx") as port, ThreadPoolExecutor() as pool:
        answers, faults = pool.submit(asyncio.run, _run(port, tmp_path)).result()
    print(f"{answers} answers to {READERS} readers over {RELEASES} releases, {len(faults)} faults")
    assert faults == []
    assert answers > RELEASES
