"""The OpenAPI description is true of the site that nginx serves: schemathesis asks for every path, and for none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.deploy.programs import HOST, ask

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
RECORDS = {
    "/c/{name}/index.json": "c/*/index.json",
    "/d/{name}/index.json": "d/*/index.json",
    "/p/{name}/index.json": "p/*/index.json",
    "/r/{name}/index.json": "r/*/index.json",
    "/data/holders/{name}.json": "data/holders/*.json",
    "/data/systems/{name}.json": "data/systems/*.json",
}


@pytest.fixture(scope="module")
def description(published: Path) -> dict[str, Any]:
    """The description as it is published."""
    found: dict[str, Any] = json.loads((published / "data" / "openapi.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def api(nginx_port: int) -> Any:
    """The description as a client reads it from the server."""
    return schemathesis.openapi.from_url(f"http://{HOST}:{nginx_port}/data/openapi.json")


def _operations(api: Any) -> Iterator[Any]:
    for found in api.get_all_operations():
        yield found.ok()


def _names(published: Path, template: str) -> list[str]:
    before, after = template.split("{name}")
    paths = (path.relative_to(published).as_posix() for path in sorted(published.glob(RECORDS[template])))
    return [f"/{path}".removeprefix(before).removesuffix(after) for path in paths]


def test_every_data_file_has_a_path_and_every_path_a_file(description: dict[str, Any], published: Path) -> None:
    files = {f"/data/{path.name}" for path in (published / "data").iterdir() if path.suffix not in (".br", ".gz")}
    files = {path for path in files if not path.endswith(("/holders", "/systems"))}
    assert description["openapi"] == "3.1.0"
    assert description["paths"].keys() == (files - {"/data/openapi.json"}) | RECORDS.keys()


def test_every_file_answers_as_described(api: Any, published: Path) -> None:
    """Every record of the site and every file of the register, its body held against the schema."""
    asked = 0
    for operation in _operations(api):
        names = _names(published, operation.path) if operation.path in RECORDS else [None]
        assert names
        for name in names:
            case = operation.Case(path_parameters={"name": name} if name is not None else {})
            response = case.call()
            assert response.status_code == 200, (operation.path, name)
            case.validate_response(response, checks=CHECKS)
            asked += 1
    assert asked > 60


def test_what_never_was_is_answered_as_described(api: Any) -> None:
    """Names that schemathesis makes up, odd ones among them, get the page for what is not there."""
    for operation in _operations(api):
        if operation.path not in RECORDS:
            continue

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        @given(case=operation.as_strategy())
        def ask_for_it(case: Any) -> None:
            case.validate_response(case.call(), checks=CHECKS)

        ask_for_it()


def test_an_answer_that_is_not_as_described_is_noticed(api: Any) -> None:
    """The checks would find it: the product's file is no certificate."""
    by_path = {operation.path: operation for operation in _operations(api)}
    wrong = by_path["/p/{name}/index.json"].Case(path_parameters={"name": "geotextile"}).call()
    assert wrong.status_code == 200
    case = by_path["/c/{name}/index.json"].Case(path_parameters={"name": "geotextile"})
    with pytest.raises(FailureGroup) as found:
        case.validate_response(wrong, checks=CHECKS)
    assert ["schema" in str(fault) for fault in found.value.exceptions] == [True]


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/c/benor-29-0107/index.json", "application/json"),
        ("/data/certificates.csv", "text/csv; charset=utf-8"),
        ("/data/catalog.jsonld", "application/ld+json"),
        ("/schema/1/certificate.json", "application/json"),
    ],
)
def test_pages_of_other_sites_may_fetch_it(nginx_port: int, path: str, content_type: str) -> None:
    answer = ask(nginx_port, path, Origin="https://elsewhere.example")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == content_type
