"""Publishing to S3-compatible storage: what readers fetch is whole at every moment, and the next run finishes the job.

Rules are tested against a store in memory, which can fail at any request; the way through HTTP against moto's server.
"""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from keur import publish_command
from keur.ledger import read_ledger
from keur.publishing import BucketTarget, FinishedSite, Plan, PublishError, bucket, open_target, plan, publish
from keur.publishing.changes import upload_stage
from keur.urls import is_hashed
from tests.unit.publishing import releases
from tests.unit.publishing.registers import PublishedRegister

botocore = pytest.importorskip("botocore.exceptions", reason="the dependencies for publishing are not installed")

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KEUR_KILLS", "25"))


class Store:
    """An S3 store in memory as boto3's client shows one. ``calls`` lists what changed it; ``before`` may raise."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.requests = 0
        self.before: Callable[[str, str], None] = releases.nothing
        self.after: Callable[[str, str], None] = releases.nothing
        self._lock = threading.Lock()

    def _begin(self, operation: str, key: str) -> None:
        with self._lock:
            self.requests += 1
            self.before(operation, key)

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803  # S3's own names
        self._begin("get", Key)
        if Bucket != "register":
            raise self.error("NoSuchBucket", 404)
        if Key not in self.objects:
            raise self.error("NoSuchKey", 404)
        found = self.objects[Key]
        return {"Body": io.BytesIO(found["Body"]), "ETag": found["ETag"]}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **arguments: Any) -> dict[str, Any]:  # noqa: N803
        assert Bucket == "register"
        self._begin("put", Key)
        with self._lock:
            found = self.objects.get(Key)
            if arguments.pop("IfNoneMatch", None) and found is not None:
                raise self.error("PreconditionFailed", 412)
            wanted = arguments.pop("IfMatch", None)
            if wanted is not None and (found is None or found["ETag"] != wanted):
                raise self.error("PreconditionFailed", 412)
            tag = f'"{hashlib.md5(Body, usedforsecurity=False).hexdigest()}"'
            self.objects[Key] = {"Body": Body, "ETag": tag, **arguments}
            self.calls.append(("put", Key))
        self.after("put", Key)
        return {"ETag": tag}

    def delete_objects(self, *, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        assert Bucket == "register"
        self._begin("delete", "")
        for item in Delete["Objects"]:
            self.objects.pop(item["Key"], None)
            self.calls.append(("delete", item["Key"]))
        return {}

    @staticmethod
    def error(code: str, status: int) -> Exception:
        """Return an error as boto3 raises it."""
        answer = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return botocore.ClientError(answer, "Request")

    def fetch(self, name: str) -> bytes | None:
        """Return a file as a reader gets it."""
        found = self.objects.get(f"site/{name}")
        return found["Body"] if found else None

    def site(self) -> dict[str, bytes]:
        """Return the files of the site, Keur's own objects aside."""
        names = (key.removeprefix("site/") for key in self.objects if key.startswith("site/"))
        return {name: self.fetch(name) or b"" for name in names if not name.startswith(".keur/")}

    def broken(self) -> list[str]:
        """Return what readers of any page miss, whichever they opened."""
        return [
            f"{name} needs {missing}"
            for name, page in self.site().items()
            for missing in releases.broken_references(page, self.fetch)
        ]


@pytest.fixture
def store() -> Store:
    """An empty bucket."""
    return Store()


@pytest.fixture
def sites(tmp_path: Path) -> list[FinishedSite]:
    """Six releases."""
    return releases.make_sites(tmp_path, 6)


@pytest.fixture
def small(tmp_path: Path) -> list[FinishedSite]:
    """Releases of few pages, for tests that publish often."""
    return [releases.write_site(tmp_path / f"small-{n}", releases.files(n, records=2)) for n in range(5)]


def _target(store: Store, **options: Any) -> BucketTarget:
    return BucketTarget(store, "register", "site", patience=0.0, **options)


def _publish(site: FinishedSite, store: Store, **options: Any) -> Plan:
    return publish(site, releases.facts(0), _target(store, **options), releases.nothing, releases.nothing)


def _content(site: FinishedSite) -> dict[str, bytes]:
    return {name: site.read(name) for name in site.files}


def _pages(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not is_hashed(name)}


def test_every_file_arrives_with_its_type_and_lifetime(sites: list[FinishedSite], store: Store) -> None:
    _publish(sites[0], store)
    assert store.site() == _content(sites[0])
    page = store.objects["site/nl/datasheets/0/index.html"]
    assert (page["ContentType"], "must-revalidate" in page["CacheControl"]) == ("text/html; charset=utf-8", True)
    (style,) = (key for key in store.objects if key.startswith("site/assets/"))
    assert store.objects[style]["ContentType"] == "text/css; charset=utf-8"
    assert "immutable" in store.objects[style]["CacheControl"]
    assert store.objects["site/.keur/manifest.json"]["CacheControl"] == "no-store"


def test_what_changed_in_equal_length_is_sent_and_nothing_else(sites: list[FinishedSite], store: Store) -> None:
    _publish(sites[0], store)
    store.calls.clear()
    planned = _publish(sites[1], store)
    sent = {key.removeprefix("site/") for call, key in store.calls if call == "put" and ".keur" not in key}
    assert sent == {*planned.changes.added, *planned.changes.changed}
    before, after = _content(sites[0]), _content(sites[1])
    same_length = [n for n in planned.changes.changed if len(before[n]) == len(after[n])]
    assert "nl/datasheets/0/index.html" in same_length
    assert all(store.fetch(name) == after[name] for name in same_length)


def test_files_go_up_before_what_leads_to_them(sites: list[FinishedSite], store: Store) -> None:
    _publish(sites[0], store)
    store.calls.clear()
    _publish(sites[1], store)
    keys = [(call, key.removeprefix("site/")) for call, key in store.calls]
    assert keys[0] == ("put", ".keur/lock.json")
    manifest = keys.index(("put", ".keur/manifest.json"))
    stages = [upload_stage(name) for _, name in keys[1:manifest]]
    assert stages == sorted(stages)
    assert set(stages) == {0, 1, 2, 3}
    assert keys[manifest + 1 :] == [("delete", "nl/datasheets/only-0/index.html"), ("put", ".keur/lock.json")]


def test_what_open_pages_of_kept_releases_fetch_stays_for_a_while(sites: list[FinishedSite], store: Store) -> None:
    for number, site in enumerate(sites):
        _publish(site, store)
        kept = [name for earlier in sites[max(0, number - 2) : number + 1] for name in earlier.files if is_hashed(name)]
        assert sorted(name for name in store.site() if is_hashed(name)) == sorted(kept)
        assert _pages(store.site()) == _pages(_content(site))


def test_objects_of_others_are_left_alone(sites: list[FinishedSite], store: Store) -> None:
    store.put_object(Bucket="register", Key="site/theirs.html", Body=b"theirs")
    store.put_object(Bucket="register", Key="theirs.html", Body=b"theirs")
    for site in sites:
        _publish(site, store)
    assert store.fetch("theirs.html") == b"theirs"
    assert store.objects["theirs.html"]["Body"] == b"theirs"


def test_a_release_that_is_public_already_is_left_alone(sites: list[FinishedSite], store: Store) -> None:
    _publish(sites[0], store)
    first = _publish(sites[1], store)
    store.calls.clear()
    again = _publish(sites[1], store)
    assert store.calls == []
    assert (again.published_already, again.changes.names) == (True, ())
    assert again.purge == tuple(sorted(first.changes.names))


def test_a_dry_run_changes_nothing(sites: list[FinishedSite], store: Store) -> None:
    _publish(sites[0], store)
    store.calls.clear()
    changes = plan(_target(store).standing(), sites[1]).changes
    assert store.calls == []
    assert changes.removed == ("nl/datasheets/only-0/index.html",)
    assert "nl/datasheets/only-1/index.html" in changes.added
    assert "nl/datasheets/0/index.html" in changes.changed


def _failing(number: int) -> Callable[[str, str], None]:
    requests = iter(range(1, 1_000_000))

    def fail(operation: str, key: str) -> None:
        if next(requests) == number:
            raise Store.error("InternalError", 500)

    return fail


@pytest.mark.parametrize("next_one", [0, 1], ids=["the same release", "another release"])
def test_a_fault_at_any_request_breaks_no_page(small: list[FinishedSite], store: Store, next_one: int) -> None:
    """And the next run, of that release or of another, leaves exactly its own pages."""
    _publish(small[0], store)
    failed = number = 0
    while failed == number:
        number += 1
        store.before = _failing(number)
        try:
            _publish(small[number % 5], store)
        except PublishError:
            failed += 1
        store.before = releases.nothing
        assert store.broken() == []
        following = small[(number + next_one) % 5]
        _publish(following, store)
        assert _pages(store.site()) == _pages(_content(following))
        assert store.broken() == []
        assert len([name for name in store.site() if is_hashed(name)]) <= 3 * 2
        if next_one:
            _publish(small[number % 5], store)
    assert failed > 10


def test_the_purge_list_names_what_an_interrupted_run_had_sent(small: list[FinishedSite], store: Store) -> None:
    _publish(small[0], store)
    store.before = _failing(9)
    with pytest.raises(PublishError):
        _publish(small[1], store)
    store.before = releases.nothing
    assert _publish(small[0], store).purge
    changed = set(plan(_target(store).standing(), small[1]).changes.names)
    store.before = _failing(9)
    with pytest.raises(PublishError):
        _publish(small[1], store)
    store.before = releases.nothing
    assert changed <= set(_publish(small[1], store).purge)


def test_a_run_that_goes_on_sends_only_what_is_left(
    small: list[FinishedSite], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as the lock told before it was cut short."""
    monkeypatch.setattr(bucket, "_BEAT", 0.0)
    monkeypatch.setattr(bucket, "_WORKERS", 1)
    sent: list[str] = []

    def count(operation: str, key: str) -> None:
        if ".keur" not in key:
            sent.append(key)

    def fail(operation: str, key: str) -> None:
        if key.endswith("release.css"):
            raise Store.error("InternalError", 500)

    store.before, store.after = fail, count
    with pytest.raises(PublishError):
        _publish(small[0], store)
    assert len(sent) == len(small[0].files) - 1
    sent.clear()
    store.before = releases.nothing
    _publish(small[0], store)
    assert sent[-1] == "site/release.css"
    assert len(sent) <= 2


def test_the_second_of_two_publishers_changes_nothing(small: list[FinishedSite], store: Store) -> None:
    first, second = _target(store), _target(store)
    with first.held(), second.held():
        first.put(small[0], releases.facts(0), releases.nothing)
        store.calls.clear()
        with pytest.raises(
            PublishError, match="another publish to s3://register/site/ began first; nothing was changed"
        ):
            second.put(small[1], releases.facts(1), releases.nothing)
    assert store.calls == []
    assert store.site() == _content(small[0])


def test_a_publisher_at_work_is_not_disturbed(
    small: list[FinishedSite], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who brings another release looks at the lock for a while, and sees it written again."""
    monkeypatch.setattr(bucket, "_POLL", 0.001)
    store.before = _failing(9)
    with pytest.raises(PublishError):
        _publish(small[0], store)
    looked: list[str] = []

    def beat(operation: str, key: str) -> None:
        if (operation, key) == ("get", "site/.keur/lock.json"):
            looked.append(key)
            if len(looked) == 3:
                store.objects[key]["ETag"] = '"written again"'

    store.before = beat
    said: list[str] = []
    other = BucketTarget(store, "register", "site", say=said.append, patience=60.0)
    store.calls.clear()
    with pytest.raises(PublishError, match=r"another publish to .* is at work; wait for it"):
        publish(small[1], releases.facts(0), other, releases.nothing, releases.nothing)
    assert said == ["a publish of another release did not end: looking for 60 s whether it is at work"]
    assert store.calls == []


def test_a_publisher_that_was_taken_for_dead_stops(
    small: list[FinishedSite], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "_BEAT", 0.0)
    monkeypatch.setattr(bucket, "_WORKERS", 1)
    taken: list[str] = []

    def take_over(operation: str, key: str) -> None:
        if upload_stage(key.removeprefix("site/")) == 1 and not taken:
            taken.append(key)
            _publish(small[1], store)

    store.after = take_over
    with pytest.raises(PublishError, match="took over"):
        _publish(small[0], store)
    assert taken
    assert json.loads(store.objects["site/.keur/manifest.json"]["Body"])["release"]["id"] == small[1].id
    assert store.broken() == []


def test_a_publisher_that_slept_sends_nothing_more(
    small: list[FinishedSite], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "_LEASE", -1.0)
    with pytest.raises(PublishError, match="took over"):
        _publish(small[0], store)
    assert store.site() == {}


def test_an_answer_that_was_lost_is_not_a_lost_race(small: list[FinishedSite], store: Store) -> None:
    """The client sends a request again whose answer did not arrive, and the condition then fails on its own object."""
    send = store.put_object

    def twice(**arguments: Any) -> dict[str, Any]:
        answer = send(**arguments)
        return send(**arguments) if ".keur/" in arguments["Key"] else answer

    store.put_object = twice  # type: ignore[method-assign]  # the store of this test
    _publish(small[0], store)
    _publish(small[1], store)
    assert _pages(store.site()) == _pages(_content(small[1]))


def test_what_is_no_manifest_stops_it(small: list[FinishedSite], store: Store) -> None:
    store.put_object(Bucket="register", Key="site/.keur/manifest.json", Body=b'{"release": 1}')
    with pytest.raises(PublishError, match="holds what is no manifest and lock of Keur"):
        _publish(small[0], store)


def test_a_bucket_that_is_not_there_is_one_clear_line(small: list[FinishedSite], store: Store) -> None:
    target = BucketTarget(store, "nowhere")
    with pytest.raises(PublishError, match="cannot publish to s3://nowhere/: NoSuchBucket"):
        publish(small[0], releases.facts(0), target, releases.nothing, releases.nothing)


@pytest.mark.parametrize("to", ["s3://", "s3:///prefix"])
def test_an_address_without_a_bucket_is_refused(to: str) -> None:
    with pytest.raises(PublishError, match="names no bucket"):
        open_target(to, None, 3, releases.nothing)


def test_a_missing_boto3_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(PublishError, match=r"needs boto3: pip install boto3"):
        open_target("s3://register", None, 3, releases.nothing)


# --- through HTTP ----------------------------------------------------------------------------------------------------


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a store on this machine, with a bucket that anybody may read."""
    moto = pytest.importorskip("moto.server", reason="moto, flask and flask-cors are not installed")
    boto3 = pytest.importorskip("boto3")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    reset = urllib.request.Request(f"{address}/moto-api/reset", method="POST")  # noqa: S310  # a server of this test
    urllib.request.urlopen(reset).close()  # noqa: S310  # the same
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket="register", ACL="public-read")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::register/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
    boto3.client("s3", endpoint_url=address).put_bucket_policy(Bucket="register", Policy=policy)
    yield address
    server.stop()


def _http(endpoint: str, name: str) -> tuple[bytes, str, str] | None:
    try:
        with urllib.request.urlopen(f"{endpoint}/register/site/{name}") as answer:  # noqa: S310  # a server of this test
            return answer.read(), answer.headers["Content-Type"], answer.headers["Cache-Control"]
    except HTTPError as error:
        error.close()
        return None


def test_readers_get_what_was_published(endpoint: str, sites: list[FinishedSite]) -> None:
    target = open_target("s3://register/site/", endpoint, 3, releases.nothing)
    for site in sites[:2]:
        publish(site, releases.facts(0), target, releases.nothing, releases.nothing)
    for name in sites[1].files:
        found = _http(endpoint, name)
        assert found is not None
        assert found[0] == sites[1].read(name)
    page = _http(endpoint, "nl/datasheets/0/index.html")
    assert page is not None
    assert page[1:] == ("text/html; charset=utf-8", "public, max-age=0, s-maxage=60, must-revalidate")
    assert _http(endpoint, "nl/datasheets/only-0/index.html") is None


def test_of_publishers_that_race_one_wins(endpoint: str, sites: list[FinishedSite]) -> None:
    ready = threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def run(site: FinishedSite) -> None:
        target = open_target("s3://register/site", endpoint, 3, releases.nothing)
        with target.held():
            ready.wait()
            try:
                target.put(site, releases.facts(0), releases.nothing)
                outcomes[site.id] = "published"
            except PublishError as error:
                outcomes[site.id] = str(error)

    threads = [threading.Thread(target=run, args=(site,)) for site in sites[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (site for site in sites[:2] if outcomes[site.id] == "published")
    (loser,) = (site for site in sites[:2] if site is not winner)
    assert "began first; nothing was changed" in outcomes[loser.id]
    for name in winner.files:
        found = _http(endpoint, name)
        assert found is not None
        assert found[0] == winner.read(name)


def test_readers_of_killed_uploads_see_no_broken_page(endpoint: str, tmp_path: Path) -> None:
    """``KEUR_KILLS=200`` runs it longer, and says how much was read."""
    command = [sys.executable, "-m", "tests.unit.publishing.kills", "bucket", str(KILLS), endpoint]
    publisher = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    chance = random.Random(20261122)
    pages = ["nl/search/index.html", "nl/datasheets/index.html", *(f"nl/datasheets/{n}/index.html" for n in range(30))]
    views = 0
    seen: set[str] = set()
    broken: list[str] = []

    def fetch(name: str) -> bytes | None:
        found = _http(endpoint, name)
        return found[0] if found else None

    while publisher.poll() is None:
        name = chance.choice(pages)
        page = fetch(name)
        if page is None:
            # The first run that ends makes the pages public one after the other; afterwards each is in every release.
            if name in seen:
                broken.append(f"{name} is gone")
            continue
        views += 1
        seen.add(name)
        broken += [f"{name} needs {missing}" for missing in releases.broken_references(page, fetch)]
    found = json.loads(publisher.communicate()[0])
    last = releases.make_sites(tmp_path, 5)[found["last"]]
    sys.stdout.write(f"{found}, {views} pages read with all they need\n")
    assert broken == []
    assert found["killed"], "the publishers ended before they were killed"
    assert all(fetch(name) == last.read(name) for name in last.files)
    assert views > 0


# --- what vouches for a release -------------------------------------------------------------------------------------


def _publishing(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> PublishedRegister:
    """Return a register that ``keur publish`` sends to a store."""
    register = PublishedRegister(tmp_path)
    monkeypatch.setattr(publish_command, "open_target", lambda *_: _target(store))
    return register


def test_what_vouches_goes_up_after_all_it_vouches_for(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = _publishing(tmp_path, store, monkeypatch)
    register.export(1)
    assert register.publish(to="s3://register/site") == 0
    names = [key.removeprefix("site/") for operation, key in store.calls if operation == "put"]
    assert names[-3:] == ["manifest.json", ".keur/manifest.json", ".keur/lock.json"]
    assert names.index("ledger/000001.jsonl") < names.index("SHA256SUMS") < names.index("manifest.json")
    assert store.fetch("ledger/000001.jsonl") == register.ledger.read_bytes()


@pytest.mark.parametrize("stop", ["site/manifest.json", "site/.keur/manifest.json", "site/.keur/lock.json"])
def test_a_release_in_a_store_is_recorded_once_all_of_it_is_there(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    register = _publishing(tmp_path, store, monkeypatch)
    register.export(1)
    assert register.publish(to="s3://register/site") == 0
    first = register.ledger.read_bytes()
    register.export(2, suspended=1)

    def stopping(_: str, key: str) -> None:
        # The lock is written first and last: only the last time ends a release.
        if key == stop and (stop != "site/.keur/lock.json" or b'"lines": 29' in (store.fetch("manifest.json") or b"")):
            raise KeyboardInterrupt

    store.after = stopping
    with pytest.raises(KeyboardInterrupt):
        register.publish(to="s3://register/site")
    store.after = releases.nothing
    assert register.ledger.read_bytes() == first
    register.export(3, suspended=2)
    assert register.publish(to="s3://register/site") == 0
    recorded = [export.moment.day - 1 for export in read_ledger(register.ledger).exports]
    # Before its manifest was written the release was not there: its pages were put right by the next.
    assert recorded == ([1, 3] if stop == "site/manifest.json" else [1, 2, 3])
    assert store.fetch("ledger/000001.jsonl") == register.ledger.read_bytes()
