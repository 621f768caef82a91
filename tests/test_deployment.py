"""The files in the tree by which the bot is run: the container's, compose's and systemd's."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from bot.config import PROJECT, load_config

OF_OTHERS = {"PGPASSWORD", "PYTHONUNBUFFERED"}
"""What the driver of PostgreSQL and Python read by themselves."""
NEEDED_IN_THE_IMAGE = {"bot", "cogs", "data", "playground", "pyproject.toml", "constraints.txt", "README.md"}
HEALTH = 9105


def settings() -> set[str]:
    """Return the names of all settings."""
    example = (PROJECT / ".env.example").read_text("utf-8")
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) | OF_OTHERS


def container_file() -> dict[str, str]:
    """Return what follows each of the container file's words."""
    lines = (PROJECT / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if not line.startswith("#"))


def given(pairs: str) -> dict[str, str]:
    """Return settings that stand in one line."""
    return dict(pair.split("=", 1) for pair in pairs.split())


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    parsed: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))
    assert parsed["volumes"].keys() == {
        mount.split(":")[0] for service in parsed["services"].values() for mount in service.get("volumes", ())
    }
    services: dict[str, dict[str, Any]] = parsed["services"]
    return services


def bots(services: dict[str, dict[str, Any]], profile: str) -> list[dict[str, Any]]:
    return [service for service in services.values() if "build" in service and profile in service["profiles"]]


def test_no_two_ways_to_run_the_bot_start_together(services: dict[str, dict[str, Any]]) -> None:
    assert all(len(service["profiles"]) == 1 for service in services.values())
    assert [len(bots(services, profile)) for profile in ("sqlite", "postgres")] == [1, 2]


def test_what_ran_runs_again_after_the_machine_was_restarted(services: dict[str, dict[str, Any]]) -> None:
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}


def test_compose_sets_what_there_is_to_set(services: dict[str, dict[str, Any]]) -> None:
    for profile in ("sqlite", "postgres"):
        for service in bots(services, profile):
            environment = service["environment"]
            assert environment.keys() <= settings()
            assert service["build"] == {"context": ".", "dockerfile": "Containerfile"}
            config = load_config(environment, Path("nowhere"))
            assert bool(config.database_url) == (profile == "postgres")
            assert config.database_path == Path("/data/trivia.db"), "that of .env would lie in the image"


def test_the_two_processes_share_all_shards(services: dict[str, dict[str, Any]]) -> None:
    both = [service["environment"] for service in bots(services, "postgres")]
    shards = [load_config(one, Path("nowhere")).shards for one in both]
    assert sorted(shard for one in shards for shard in one.ids) == list(range(shards[0].count))
    assert {one.count for one in shards} == {2}
    assert len({one["DATABASE_URL"] for one in both}) == 1
    for service in bots(services, "postgres"):
        assert service["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_no_password_stands_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    values = [
        (name, value) for service in services.values() for name, value in service["environment"].items()
    ]
    assert {value for name, value in values if "PASSWORD" in name} == {"${POSTGRES_PASSWORD:-}"}
    assert not [value for _, value in values if re.search(r"//[^/]*:[^/]*@", value)]


def test_the_container_sets_what_there_is_to_set() -> None:
    environment = given(container_file()["ENV"])
    assert environment.keys() <= settings()
    config = load_config(environment, Path("nowhere"))
    assert config.database_path.is_relative_to(container_file()["VOLUME"])
    assert config.metrics_port == HEALTH


def test_the_image_holds_what_it_needs_and_no_secrets() -> None:
    lines = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*", "whatever is not named below stays outside"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert let_in >= NEEDED_IN_THE_IMAGE
    assert all((PROJECT / name).exists() for name in let_in)
    assert not {name for name in let_in if ".env" in name or ".db" in name}


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_containers_check_goes_by_healthz(status: int, code: int) -> None:
    command = json.loads(container_file()["HEALTHCHECK"].split("CMD", 1)[1])
    assert command[0] == "python"
    with answering(status) as port:
        done = subprocess.run(
            [sys.executable, *command[1:]],
            env={"METRICS_PORT": str(port)},
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == code


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer to /healthz alone, on the port that is yielded."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_the_unit_sets_what_there_is_to_set_and_no_file_outweighs_it() -> None:
    lines = (PROJECT / "deploy" / "trivia.service").read_text("utf-8").splitlines()
    unit = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    environment = given(unit["Environment"])
    assert environment.keys() <= settings()
    config = load_config(environment, Path("nowhere"))
    assert config.database_path.parent == Path(unit["ReadWritePaths"])
    assert "EnvironmentFile" not in unit, "a DATABASE_PATH in .env would outweigh the unit's"


def test_the_unit_for_shards_is_that_for_one_process_but_for_them() -> None:
    one, template = (
        (PROJECT / "deploy" / name).read_text() for name in ("trivia.service", "trivia@.service")
    )
    assert template.splitlines()[1:] == [
        line + ", shards %i"
        if line.startswith("Description=")
        else line + " SHARD_COUNT=16 SHARD_IDS=%i"
        if line.startswith("Environment=")
        else line
        for line in one.splitlines()[1:]
    ]
