"""The command line. It wires; rules stand elsewhere. Exit codes: 0 done, 1 problems, 2 wrong use."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from keur.demo import write_demonstration
from keur.ledger import differences
from keur.loading import DataFolderError, read_export
from keur.loading.schema import schemas
from keur.model.fields import read_url
from keur.pelican_plugin import build, check_data, read_settings, record_data
from keur.serving import serve
from keur.terminal import print_problems, say, say_error
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

    record = commands.add_parser("record", help="note in the ledger what the export changed")
    record.add_argument("--data", type=Path, help="the export's folder (default: the settings')")
    record.add_argument(
        "--confirm-reuse",
        action="append",
        default=[],
        metavar="NUMBER",
        help="a number or code that another holder really has been given again (may be repeated)",
    )
    record.set_defaults(run=_record)

    diff = commands.add_parser("diff", help="tell the difference between two exports")
    diff.add_argument("old", type=Path, help="folder of the one export")
    diff.add_argument("new", type=Path, help="folder of the other")
    diff.add_argument("--json", action="store_true", help="as JSON")
    diff.set_defaults(run=_diff)

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
    return check_data(read_settings(_conf(parsed), data=_data(parsed)), strict=parsed.strict)


def _build(parsed: argparse.Namespace) -> int:
    settings = read_settings(_conf(parsed), data=_data(parsed), output=parsed.output, site_url=_site_url(parsed))
    return build(settings)


def _record(parsed: argparse.Namespace) -> int:
    return record_data(read_settings(_conf(parsed), data=_data(parsed)), parsed.confirm_reuse)


def _diff(parsed: argparse.Namespace) -> int:
    exports = []
    for folder in (parsed.old, parsed.new):
        try:
            reading = read_export(folder)
        except DataFolderError as error:
            raise _UseError(str(error)) from error
        errors, _ = print_problems(problem for problem in reading.problems if problem.severity == "error")
        if errors:
            return 1
        exports.append(reading.entries)
    found = list(differences(*exports))
    if parsed.json:
        say(json.dumps([difference.as_json() for difference in found], ensure_ascii=False, indent=1))
    else:
        for difference in found:
            say(str(difference))
    return 0


def _serve(parsed: argparse.Namespace) -> int:
    settings = read_settings(_conf(parsed), data=_data(parsed), output=parsed.output, site_url=_site_url(parsed))
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
    url: str | None = parsed.site_url
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
