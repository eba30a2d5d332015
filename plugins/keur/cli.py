"""The command line. It wires; rules stand elsewhere. Exit codes: 0 done, 1 problems, 2 wrong use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from keur.building import build_without_pelican, check_data, overriding, plain_settings
from keur.demo import write_demonstration
from keur.loading.schema import schemas
from keur.model.fields import read_url
from keur.serving import serve
from keur.terminal import say, say_error
from keur.urls import Urls

CONF = "pelicanconf.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = parsed.run
        return run(parsed)
    except _UseError as error:
        say_error(f"keur: {error}")
        return 2
    except KeyboardInterrupt:
        say_error("keur: stopped")
        return 130


class _UseError(Exception):
    """A command was called in a way that cannot work; its text says how it can."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keur", description="The public register of a certification body as a static site."
    )
    parser.add_argument("--conf", type=Path, default=Path(CONF), help=f"settings of the site (default: {CONF} here)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="name every fault of an export")
    check.add_argument("--data", type=Path, help="the export's folder (default: the settings')")
    check.add_argument("--strict", action="store_true", help="make warnings problems")
    check.set_defaults(run=_check)

    build_command = commands.add_parser("build", help="write the site")
    _site_options(build_command)
    build_command.set_defaults(run=_build)

    serve_command = commands.add_parser("serve", help="write the site, serve it here, write it again on each change")
    _site_options(serve_command)
    serve_command.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: 8000)")
    serve_command.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="write the demonstration register")
    demo.add_argument(
        "--data", type=Path, default=Path("registry_data"), help="folder to write (default: registry_data)"
    )
    demo.add_argument("--sheets", type=int, default=8000, help="technical datasheets (default: 8000)")
    demo.set_defaults(run=_demo)

    schema = commands.add_parser("schema", help="write the JSON Schema of each file of an export")
    schema.add_argument(
        "--output",
        type=Path,
        default=Path("registry_data/schema"),
        help="folder to write (default: registry_data/schema)",
    )
    schema.set_defaults(run=_schema)
    return parser


def _site_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="the export's folder (default: the settings')")
    parser.add_argument("--output", type=Path, help="the site's folder (default: the settings')")
    parser.add_argument("--site-url", help="the site's own address, https://register.example (default: the settings')")


def _conf(parsed: argparse.Namespace) -> Path:
    conf: Path = parsed.conf
    if not conf.is_file():
        raise _UseError(f"there are no settings at {conf}: stand in the project's folder, or name them with --conf")
    return conf


def _data(parsed: argparse.Namespace) -> Path | None:
    data: Path | None = parsed.data
    if data is not None and not data.is_dir():
        raise _UseError(f"there is no folder {data}")
    return data


def _check(parsed: argparse.Namespace) -> int:
    return check_data(_settings(parsed), strict=parsed.strict)


def _build(parsed: argparse.Namespace) -> int:
    conf, override = _conf(parsed), _override(parsed)
    plain = plain_settings(conf, override)
    if plain is not None:
        done = build_without_pelican(plain)
        if done is not None:
            return done
        override["KEUR_SETTINGS"] = plain["KEUR_SETTINGS"]
    # Pelican takes as long to import as a small change takes to build.
    from keur.pelican_plugin import build, read_settings  # noqa: PLC0415

    return build(read_settings(conf, override))


def _settings(parsed: argparse.Namespace) -> Mapping[str, Any]:
    """Return the settings, by way of Pelican where it has more to say than their file."""
    conf, override = _conf(parsed), _override(parsed)
    plain = plain_settings(conf, override)
    if plain is not None:
        return plain
    from keur.pelican_plugin import read_settings  # noqa: PLC0415  # seldom needed, and slow to import

    settings: Mapping[str, Any] = read_settings(conf, override)
    return settings


def _override(parsed: argparse.Namespace) -> dict[str, Any]:
    """Return what the command line says instead of the file of settings."""
    return overriding(data=_data(parsed), output=getattr(parsed, "output", None), site_url=_site_url(parsed))


def _serve(parsed: argparse.Namespace) -> int:
    settings = _settings(parsed)
    command = [sys.executable, "-m", "keur.cli", "--conf", str(parsed.conf), "build"]
    for option in ("data", "output", "site_url"):
        value = getattr(parsed, option)
        if value is not None:
            command += [f"--{option.replace('_', '-')}", str(value)]
    watched = [
        Path(settings["KEUR_DATA"]),
        Path(settings["PATH"]),
        Path(settings["THEME"]),
        Path(__file__).parent,
        _conf(parsed),
    ]
    return serve(Path(settings["OUTPUT_PATH"]), command, watched, parsed.port, Urls(settings["SITEURL"]).base)


def _site_url(parsed: argparse.Namespace) -> str | None:
    url: str | None = getattr(parsed, "site_url", None)
    if url:
        try:
            url = read_url(url)
        except ValueError:
            url = ""
        parts = urlsplit(url)
        if not url or parts.query or parts.fragment:
            must = "a whole address like https://register.example or https://register.example/certified"
            raise _UseError(f"--site-url must be {must}; found {parsed.site_url}")
    return url


def _demo(parsed: argparse.Namespace) -> int:
    if parsed.sheets < 1:
        raise _UseError("--sheets must be at least 1")
    write_demonstration(parsed.data, sheets=parsed.sheets)
    say(f"the demonstration register with {parsed.sheets} datasheets is in {parsed.data}")
    return 0


def _schema(parsed: argparse.Namespace) -> int:
    parsed.output.mkdir(parents=True, exist_ok=True)
    for name, content in schemas().items():
        (parsed.output / name).write_bytes(content)
    say(f"the JSON Schemas are in {parsed.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
