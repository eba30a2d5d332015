"""The command line. It wires; rules stand elsewhere. Exit codes: 0 done, 1 problems, 2 wrong use."""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from keur.problems import KeurError, RegisterError
from keur.sources import UseError, is_up_to_date, overriding, plain_settings, sources_of
from keur.terminal import print_problems, say, say_error
from keur.urls import Urls

CONF = "pelicanconf.py"


def main(arguments: Sequence[str] | None = None, left: list[object] | None = None) -> int:
    """Run a command; return the exit code. To ``left`` is added what a process that ends need not take apart."""
    parsed = _parser().parse_args(arguments)
    parsed.left = [] if left is None else left
    try:
        run: Callable[[argparse.Namespace], int] = parsed.run
        return run(parsed)
    except UseError as error:
        say_error(f"keur: {error}")
        return 2
    except RegisterError as error:
        print_problems(error.problems)
        return 1
    except KeurError as error:
        say_error(f"keur: {error}")
        return 1
    except KeyboardInterrupt:
        say_error("keur: stopped")
        return 130


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
    _compress_option(build_command)
    # For `keur serve`, which builds again and again.
    build_command.add_argument("--stand-by", action="store_true", help=argparse.SUPPRESS)
    build_command.set_defaults(run=_build)

    record = commands.add_parser("record", help="note in the ledger what the export changed")
    record.add_argument("--data", type=Path, help="the export's folder (default: the settings')")
    _reuse_option(record)
    record.set_defaults(run=_record)

    diff = commands.add_parser("diff", help="tell the difference between two exports")
    diff.add_argument("old", type=Path, help="folder of the one export")
    diff.add_argument("new", type=Path, help="folder of the other")
    diff.add_argument("--json", action="store_true", help="as JSON")
    diff.add_argument("--exit-code", action="store_true", help="end with 1 where there is a difference")
    diff.set_defaults(run=_diff)

    serve_command = commands.add_parser("serve", help="write the site, serve it here, write it again on each change")
    _site_options(serve_command)
    serve_command.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: 8000)")
    serve_command.set_defaults(run=_serve)

    publish_command = commands.add_parser("publish", help="write the site and make it public in one step")
    _site_options(publish_command)
    _compress_option(publish_command)
    _reuse_option(publish_command)
    _publish_options(publish_command)
    publish_command.set_defaults(run=_publish)

    verify = commands.add_parser("verify", help="check a published site against its manifest and the ledger")
    _verify_options(verify)
    verify.set_defaults(run=_verify)

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


def _compress_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--precompress", action="store_true", help="write .br and .gz beside each file of text")


def _reuse_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--confirm-reuse",
        action="append",
        default=[],
        metavar="NUMBER",
        help="a number or code that another holder really has been given again (may be repeated)",
    )


def _publish_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, help="a folder that a web server reads, or s3://bucket/prefix")
    parser.add_argument("--endpoint", metavar="URL", help="address of S3-compatible storage that is not Amazon's")
    parser.add_argument("--no-build", action="store_true", help="publish the output folder as it is")
    parser.add_argument("--dry-run", action="store_true", help="list what would change and publish nothing")
    parser.add_argument("--roll-back", action="store_true", help="make the release before the public one public again")
    parser.add_argument(
        "--confirm-drop", type=int, metavar="N", help="go on although N valid records go: the number that was told"
    )
    parser.add_argument(
        "--confirm-ledger", metavar="HASH", help="go on with another ledger than was published: the hash that was told"
    )
    parser.add_argument("--sign", type=Path, metavar="KEYFILE", help="sign the manifest (default: the settings' key)")
    parser.add_argument("--host", help="refuse what is beyond the limits of this host, such as github-pages")
    parser.add_argument("--purge-list", type=Path, metavar="FILE", help="write the addresses that a CDN is to forget")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what changes for programs to read")


def _verify_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="a site's folder, a folder published to, or https://…")
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="PUB",
        help="a public key that you rely on, a PEM file (may be repeated)",
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="MANIFEST",
        help="an earlier manifest.json that was kept, its .sig beside it (may be repeated)",
    )
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="a ledger to check, beside the published one")
    parser.add_argument("--sample", type=int, metavar="N", help="read N files of the site, not all")
    parser.add_argument("--seed", type=int, metavar="N", help="draw the sample that was drawn before with this number")


def _conf(parsed: argparse.Namespace) -> Path:
    conf: Path = parsed.conf
    if not conf.is_file():
        raise UseError(f"there are no settings at {conf}: stand in the project's folder, or name them with --conf")
    return conf


def _data(parsed: argparse.Namespace) -> Path | None:
    data: Path | None = parsed.data
    if data is not None and not data.is_dir():
        raise UseError(f"there is no folder {data}")
    return data


def _check(parsed: argparse.Namespace) -> int:
    from keur.building import check_data  # noqa: PLC0415  # only where it is asked for

    return check_data(_settings(parsed), strict=parsed.strict)


def _build(parsed: argparse.Namespace) -> int:
    conf, override = _conf(parsed), _override(parsed)
    if getattr(parsed, "stand_by", False):
        from keur.standby import stand_by  # noqa: PLC0415  # only where it is asked for

        return stand_by(conf, override)
    # Little of what a build makes or imports is garbage before it ends.
    gc.disable()
    plain = plain_settings(conf, override)
    if plain is not None:
        sources = sources_of(plain)
        inputs = sources.digest()
        if is_up_to_date(sources, inputs):
            return 0
        from keur.building import build_without_pelican  # noqa: PLC0415  # not before there is something to build

        done = build_without_pelican(sources, inputs=inputs, left=parsed.left)
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
    return overriding(
        data=_data(parsed),
        output=getattr(parsed, "output", None),
        site_url=_site_url(parsed),
        precompress=getattr(parsed, "precompress", False),
        confirmed=getattr(parsed, "confirm_reuse", ()),
    )


def _record(parsed: argparse.Namespace) -> int:
    from keur.building import record_data  # noqa: PLC0415  # only where it is asked for

    return record_data(_settings(parsed))


def _diff(parsed: argparse.Namespace) -> int:
    from keur.diff_command import run  # noqa: PLC0415  # a build must not wait for it

    return run(parsed.old, parsed.new, as_json=parsed.json, exit_code=parsed.exit_code)


def _serve(parsed: argparse.Namespace) -> int:
    settings = _settings(parsed)
    command = [sys.executable, "-m", "keur.cli", "--conf", str(parsed.conf), "build"]
    for option in ("data", "output", "site_url"):
        value = getattr(parsed, option)
        if value is not None:
            command += [f"--{option.replace('_', '-')}", str(value)]
    from keur.serving import serve  # noqa: PLC0415  # a build must not wait for it

    watched = [
        Path(settings["KEUR_DATA"]),
        Path(settings["PATH"]),
        Path(settings["THEME"]),
        Path(__file__).parent,
    ]
    base = Urls(settings["SITEURL"]).base
    return serve(Path(settings["OUTPUT_PATH"]), command, _conf(parsed), watched, parsed.port, base)


def _publish(parsed: argparse.Namespace) -> int:
    from keur.publish_command import run  # noqa: PLC0415  # a build must not wait for it

    return run(parsed, _settings(parsed), lambda: _build(parsed))


def _verify(parsed: argparse.Namespace) -> int:
    from keur.verify_command import run  # noqa: PLC0415  # a build must not wait for it

    return run(parsed)


def _site_url(parsed: argparse.Namespace) -> str | None:
    url: str | None = getattr(parsed, "site_url", None)
    if url:
        from keur.model.fields import read_url  # noqa: PLC0415  # only where it is asked for

        try:
            url = read_url(url)
        except ValueError:
            url = ""
        parts = urlsplit(url)
        if not url or parts.query or parts.fragment:
            must = "a whole address like https://register.example or https://register.example/certified"
            raise UseError(f"--site-url must be {must}; found {parsed.site_url}")
    return url


def _demo(parsed: argparse.Namespace) -> int:
    if parsed.sheets < 1:
        raise UseError("--sheets must be at least 1")
    from keur.demo import is_real, write_demonstration  # noqa: PLC0415  # a build must not wait for it

    if is_real(parsed.data):
        raise UseError(f"{parsed.data} has the ledger of a real register, which nothing could bring back")
    write_demonstration(parsed.data, sheets=parsed.sheets)
    say(f"the demonstration register with {parsed.sheets} datasheets is in {parsed.data}")
    return 0


def _schema(parsed: argparse.Namespace) -> int:
    from keur.loading.schema import schemas  # noqa: PLC0415  # a build must not wait for it

    parsed.output.mkdir(parents=True, exist_ok=True)
    for name, content in schemas().items():
        (parsed.output / name).write_bytes(content)
    say(f"the JSON Schemas are in {parsed.output}")
    return 0


def run() -> NoReturn:
    """Run a command as a process of its own, which ends at once."""
    # What a build made is not taken apart piece by piece: the system takes it back as a whole.
    left: list[object] = []
    code = main(left=left)
    atexit._run_exitfuncs()  # noqa: SLF001  # what others hung on the end of the process is run all the same
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
