"""The container's files, as far as they can be tried without a container engine: shape, commands, no secret inside."""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load(PROJECT.joinpath("docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}

#: The part of the Compose specification that our file uses; an unknown or misspelt key fails.
SCALARS = {"type": ["string", "number", "boolean"]}
WORDS = {"type": "array", "items": {"type": "string"}}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image"],
    "properties": {
        "image": {"type": "string"},
        "build": {"type": "string"},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "tmpfs": WORDS,
        "cap_drop": WORDS,
        "security_opt": WORDS,
        "command": WORDS,
        "ports": WORDS,
        "volumes": WORDS,
        "shm_size": {"type": "string"},
        "stop_grace_period": {"type": "string", "pattern": r"^\d+s$"},
        "environment": {"type": "object", "additionalProperties": SCALARS},
        "logging": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "driver": {"type": "string"},
                "options": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"condition": {"enum": ["service_healthy", "service_completed_successfully"]}},
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "test": WORDS,
                "interval": {"type": "string"},
                "timeout": {"type": "string"},
                "retries": {"type": "integer"},
                "disable": {"type": "boolean"},
            },
        },
    },
}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_the_shape_that_compose_knows(name):
    jsonschema.validate(SERVICES[name], SERVICE)


def test_top_level_keys_are_known():
    known = {"services", "volumes"}
    assert {key for key in COMPOSE if not key.startswith("x-")} == known


def test_what_is_waited_for_exists_and_can_come_true():
    for name, service in SERVICES.items():
        for needed, wish in service.get("depends_on", {}).items():
            assert needed in SERVICES, name
            if wish["condition"] == "service_healthy":
                assert "test" in SERVICES[needed]["healthcheck"], needed
            else:
                assert SERVICES[needed]["restart"] == "no", needed


@pytest.mark.parametrize("name", sorted(name for name in OURS if "command" in OURS[name]))
def test_the_commands_of_our_services_exist(name):
    program, *arguments = OURS[name]["command"]
    assert shutil.which(program, path=str(PROJECT / ".venv/bin")) or shutil.which(program)
    if program == "python":
        command = arguments[1]
        assert list(PROJECT.glob(f"*/management/commands/{command}.py")) or command == "migrate"
    else:
        assert arguments[:2] == ["-A", "config.celery"]
        assert find_spec("config.celery")


def test_every_queue_has_a_worker_and_the_urgent_one_has_its_own():
    queues = [re.search(r"-Q (\S+)", " ".join(service["command"])) for service in OURS.values() if "command" in service]
    assert sorted(found[1] for found in queues if found) == ["bulk,upkeep", "hooks", "urgent"]


def test_there_are_two_clocks_and_one_database_owner():
    assert sum("beat" in service.get("command", []) for service in OURS.values()) == 2
    assert {name for name in OURS if "DATABASE_OWNER_URL" in OURS[name]["environment"]} == {"roles", "migrate"}
    assert {name for name in OURS if "DATABASE_ADMIN_URL" in OURS[name]["environment"]} == {"roles"}


def test_no_secret_is_written_in_the_file():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|_URL$", variable):
                assert "${" in str(value), (name, variable)


def test_our_containers_have_no_rights_they_do_not_need():
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_the_image_is_built_in_stages_and_runs_as_nobody_in_particular():
    lines = PROJECT.joinpath("Dockerfile").read_text().splitlines()
    assert len([line for line in lines if line.startswith("FROM ")]) == 2
    assert "USER rafiq" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    copied = [line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert all(PROJECT.joinpath(path).exists() for path in copied)
    assert find_spec("config.healthcheck")
    assert find_spec("config.assets")


def test_what_must_not_reach_the_image_is_left_out():
    left_out = PROJECT.joinpath(".dockerignore").read_text().splitlines()
    assert {".git", ".env", ".data*", ".venv"} <= set(left_out)
