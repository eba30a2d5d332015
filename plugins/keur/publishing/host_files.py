"""Configuration files of hosts, written from the table of headers: ``deploy/nginx*.conf`` and ``deploy/_headers``.

``python -m keur.publishing.host_files deploy`` writes them again; a test compares. Change the table or the frame here,
never the files.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from keur.publishing.headers import (
    BADGE_PATTERN,
    BADGE_SECURITY_POLICY,
    CACHE_RULES,
    CONTENT_SECURITY_POLICY,
    CONTENT_TYPES,
    HASHED,
    OTHER_BYTES,
    PAGE,
    PLAIN_TEXT,
    RELEASE,
    SECURITY,
    SHARED_ENDINGS,
    STRICT_TRANSPORT_SECURITY,
    UNINDEXED_ENDINGS,
)
from keur.urls import badge, not_found, release_css

_WRITTEN = "# Written by python -m keur.publishing.host_files from the table of headers: change that, not this file.\n"

_POLICY = "Content-Security-Policy"

_NGINX = """\
#
# For nginx 1.18 or later: /etc/nginx/conf.d/register.conf. Three things are yours: server_name, root, and listen.
# What nginx may do beyond its own modules stands in files beside it, put into /etc/nginx/register.d/ as you have them:
# nginx-brotli.conf where the module brotli_static is installed, nginx-hsts.conf where https is certain.

map $uri $register_cache_control {
%(cache)s
}

map $uri $register_shared {
    default "";
    "~%(shared)s" "*";
}

map $uri $register_robots {
    default "";
    "~%(unindexed)s" "noindex";
}

# Badges alone may be shown in frames of other sites.
map $uri $register_policy {
    default "%(policy)s";
    "~%(badges)s" "%(badge_policy)s";
}

server {
    listen 80;
    listen [::]:80;
    server_name register.example;

    # What `keur publish --to /srv/www/register` replaces by one rename: every file is found through it anew, so no
    # cache of open files, and no answer is a mix of two releases.
    root /srv/www/register/current;
    open_file_cache off;

    index index.html;
    autoindex off;
    server_tokens off;
    # A path like //elsewhere/ must not become an address of another host: redirects keep to this one.
    absolute_redirect off;
    merge_slashes on;
    port_in_redirect off;

    # The charset stands in the type: the charset module leaves precompressed files out.
    types {
%(types)s
    }
    default_type %(other)s;
    location = /SHA256SUMS { types { } default_type "%(plain)s"; }

    # Files compressed at build time; nothing is compressed here.
    gzip off;
    gzip_static on;
    gzip_vary on;

    # A folder without a page of its own is not there, as far as anyone outside can tell.
    error_page 403 =404 %(not_found)s;
    error_page 404 %(not_found)s;

    add_header Cache-Control $register_cache_control always;
    add_header Access-Control-Allow-Origin $register_shared always;
    add_header X-Robots-Tag $register_robots always;
%(security)s

    include /etc/nginx/register.d/*.conf;
}
"""

_BROTLI = """\
# Debian: apt install libnginx-mod-http-brotli-static.
brotli_static on;
"""

_HSTS = """\
# Only where the register is reached by https alone, and will be for the whole time named.
add_header Strict-Transport-Security "%(value)s" always;
"""

_HEADERS = """\
# For hosts that read a file _headers at the root of a site (Cloudflare Pages and others of its kind): copy it there.
# Such hosts know content types themselves, take / for every folder, serve 404.html, compress, and let a browser ask
# again for each page (max-age=0, must-revalidate) while their own cache is emptied by each release.
"""


def nginx_conf() -> str:
    """Return the server of a register for nginx."""
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for ending, content_type in CONTENT_TYPES.items():
        by_type[content_type].append(ending.removeprefix("."))
    return _WRITTEN + _NGINX % {
        "cache": "\n".join(
            (
                f'    default "{PAGE.cache_control}";',
                *(f'    "~{rule.pattern}" "{rule.cache_control}";' for rule in CACHE_RULES if rule is not PAGE),
            )
        ),
        "shared": _pattern(SHARED_ENDINGS),
        "unindexed": _pattern(UNINDEXED_ENDINGS),
        "types": _lines(8, ((f'"{name}"', " ".join(endings)) for name, endings in sorted(by_type.items()))),
        "other": OTHER_BYTES,
        "plain": PLAIN_TEXT,
        "not_found": not_found(),
        "policy": CONTENT_SECURITY_POLICY,
        "badges": BADGE_PATTERN,
        "badge_policy": BADGE_SECURITY_POLICY,
        "security": _lines(
            4,
            (
                (f"add_header {name}", f"{'$register_policy' if name == _POLICY else _quoted(value)} always")
                for name, value in SECURITY.items()
            ),
        ),
    }


def _pattern(endings: Iterable[str]) -> str:
    return rf"\.({'|'.join(ending.removeprefix('.') for ending in endings)})$"


def _quoted(value: str) -> str:
    return f'"{value}"'


def _lines(indent: int, pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{' ' * indent}{first} {second};" for first, second in pairs)


def headers_file() -> str:
    """Return the ``_headers`` of a site.

    A host joins what several rules say of one header, so each is said once; ``!`` takes away what a rule above said.
    One that does not know that sign joins both policies, and the stricter counts: it shows no badges in frames.
    """
    rules: dict[str, Mapping[str, str]] = {
        "/*": SECURITY,
        f"{badge('')[:-1]}*": {f"! {_POLICY}": "", _POLICY: BADGE_SECURITY_POLICY},
        "/assets/*": {"Cache-Control": HASHED.cache_control},
        "/search/*": {"Cache-Control": HASHED.cache_control},
        release_css(): {"Cache-Control": RELEASE.cache_control},
        **{f"/*{ending}": _of_data(ending) for ending in SHARED_ENDINGS},
    }
    blocks = (
        "\n".join((path, *(f"  {name}: {value}" if value else f"  {name}" for name, value in headers.items())))
        for path, headers in rules.items()
    )
    return f"{_WRITTEN}{_HEADERS}\n" + "\n\n".join(blocks) + "\n"


def _of_data(ending: str) -> dict[str, str]:
    unindexed = {"X-Robots-Tag": "noindex"} if ending in UNINDEXED_ENDINGS else {}
    return {"Access-Control-Allow-Origin": "*", **unindexed}


def host_files() -> dict[str, str]:
    """Return each file by its name in ``deploy/``."""
    return {
        "_headers": headers_file(),
        "nginx.conf": nginx_conf(),
        "nginx-brotli.conf": _WRITTEN + _BROTLI,
        "nginx-hsts.conf": _WRITTEN + _HSTS % {"value": STRICT_TRANSPORT_SECURITY},
    }


def _main(folder: Path) -> None:
    for name, text in host_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
