"""docker-compose.yml is complete and holds no secret. The tests need no container engine."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import get_commands
from jsonschema import Draft7Validator

from audit.roles import role_statements
from desk.worker import HOUSEKEEPING
from tests.architecture.source import ROOT
from tests.architecture.test_docs import read_from_environment
from tests.architecture.test_start_up import SAFE, start

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("migrate", "web", "schedule", "worker")
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|URL")
BUILT_IN = {"DATA_DIR", "STATIC_ROOT"}  # the image sets them
REFUSED = {"DEBUG", "DEMO_DATE"}  # production refuses them


def test_it_follows_the_compose_specification() -> None:
    """compose_specification.json is the specification's own schema (Apache License 2.0) without its descriptions."""
    schema = json.loads(Path(__file__).with_name("compose_specification.json").read_text(encoding="utf-8"))
    errors = Draft7Validator(schema).iter_errors(COMPOSE)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_it_runs_proxy_web_worker_schedule_and_postgresql() -> None:
    assert set(SERVICES) == {"postgres", "proxy", *OURS}


@pytest.mark.parametrize("service", ["postgres", "proxy", "web", "schedule", "worker"])
def test_every_lasting_service_has_a_health_check_and_restarts(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["web", "schedule", "worker"])
def test_nothing_starts_before_its_database_is_ready(service: str) -> None:
    conditions = {name: wait["condition"] for name, wait in SERVICES[service]["depends_on"].items()}
    assert conditions == {"postgres": "service_healthy", "migrate": "service_completed_successfully"}


@pytest.mark.parametrize("service", ["postgres", *OURS])
def test_secrets_are_files_that_the_container_gets(service: str) -> None:
    environment = SERVICES[service]["environment"]
    files = {
        value.removeprefix("/run/secrets/")
        for name, value in environment.items()
        if value and name.endswith("_FILE")
    }
    assert files == set(SERVICES[service]["secrets"])
    # A name without a value passes on the environment's value, if there is one.
    others = {name for name, value in environment.items() if value and SECRET.search(name)}
    assert {name for name in others if not name.endswith("_FILE")} == set()


def test_a_script_makes_every_secret_once(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("submission://user:password@mail.example.org:587\n")
    command = [ROOT / "deploy" / "secrets.sh", tmp_path / "secrets", "postgres"]
    no_mail = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (no_mail.returncode, no_mail.stderr) == (1, "Name a file with the address of the mail server.\n")
    subprocess.run([*command, tmp_path / "mail"], check=True)
    secrets = {path.name: path.read_text().strip() for path in (tmp_path / "secrets").iterdir()}
    places = {each["file"].rpartition("/")[2]: name for name, each in COMPOSE["secrets"].items()}
    assert places == dict(zip(secrets, secrets, strict=True))
    assert len(set(secrets.values())) == len(secrets)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    used = {
        name: value
        for name, value in secrets.items()
        if name not in {"OWNER_DATABASE_URL", "POSTGRES_PASSWORD"}
    }
    done = start(**SAFE | used | {"PRIVATE_HOSTS": "postgres"})
    assert done.returncode == 0, done.stderr
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    assert {path.name: path.read_text().strip() for path in (tmp_path / "secrets").iterdir()} == secrets


@pytest.mark.parametrize("service", OURS)
def test_every_setting_of_a_deployment_reaches_the_containers(service: str) -> None:
    names = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}
    # These two name a file themselves.
    assert read_from_environment() - names - {"WEBHOOK_CA_FILE", "SYSLOG_CA_FILE"} == BUILT_IN | REFUSED


@pytest.mark.parametrize("service", SERVICES)
def test_no_container_has_privileges_or_changes_its_image(service: str) -> None:
    container = SERVICES[service]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in container
    # PostgreSQL and nginx start as root and go on as their own user.
    assert ("cap_add" in container) == (service not in OURS)


@pytest.mark.parametrize("service", OURS)
def test_our_containers_are_strict(service: str) -> None:
    container = SERVICES[service]
    assert container["environment"]["MODE"] == "production"
    assert "DEMO_DATE" not in container["environment"]
    assert container["init"] is True  # so that it stops on SIGTERM


def test_worker_and_schedule_run_commands_that_exist() -> None:
    commands = {
        name: SERVICES[name][part][-2:] for name, part in (("schedule", "command"), ("worker", "command"))
    }
    assert commands == {"schedule": ["run_schedule", "--forever"], "worker": ["manage.py", "run_worker"]}
    assert {"run_schedule", "run_worker", *HOUSEKEEPING} <= set(get_commands())


def test_only_the_proxy_is_reached_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["80:80", "443:443"]}


def test_the_proxy_checks_the_service_under_a_name_that_it_answers_to() -> None:
    proxy = SERVICES["proxy"]
    assert proxy["environment"]["SERVER_NAME"] == SERVICES["web"]["environment"]["ALLOWED_HOSTS"]
    # Compose makes one $ of two.
    assert '--header "Host: $${SERVER_NAME%%,*}"' in proxy["healthcheck"]["test"][1]


def test_the_proxy_gets_every_name_of_its_template() -> None:
    template = (ROOT / "deploy" / "nginx" / "tracker.conf.template").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", template)) == set(SERVICES["proxy"]["environment"])


def test_the_image_runs_as_an_ordinary_user_with_checked_packages() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["tracker"]
    assert dockerfile.index("USER tracker") < dockerfile.index("CMD ")
    assert "pip install" not in dockerfile  # `make` installs, with hashes
    assert "--require-hashes" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_account_of_the_image_can_read_the_static_files_that_root_collected(tmp_path: Path) -> None:
    collected = settings.STORAGES["staticfiles"]
    storage = storages.create_storage(collected | {"OPTIONS": collected["OPTIONS"] | {"location": tmp_path}})
    storage.save("app.css", ContentFile(b""))
    assert (tmp_path / "app.css").stat().st_mode & 0o777 == 0o644


def test_the_manual_gives_backups_to_the_account_of_the_image() -> None:
    """Root in a container without privileges reads no file of another account."""
    [account] = re.findall(r"--uid (\d+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"--owner (\d+)", manual)) == {account}
    assert "--user 0" not in manual


def test_the_image_has_only_what_it_runs() -> None:
    left_out = set((ROOT / ".dockerignore").read_text(encoding="utf-8").split())
    assert left_out >= {".git", ".env", "benchmarks", "tests", "var"}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    [packages] = re.findall(r"^\$\(VENV\)/\.run: .*\n((?:\t.*\n)+)", recipe, re.MULTILINE)
    assert re.findall(r"requirements\S*", packages) == ["requirements.txt"]


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json"]
)
def test_lock_files_carry_hashes_and_no_registry_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text or '"integrity": "sha512-' in text
    assert re.findall(r"--(?:extra-)?index-url|--find-links|\"resolved\"|registry\.|/simple", text) == []


def test_the_roles_of_a_new_database_are_those_that_the_command_prints() -> None:
    script = (ROOT / "deploy" / "postgres" / "roles.sh").read_text("utf-8")
    names = {"owner": "prevent_tracker_owner", "service": "prevent_tracker", "database": "prevent_tracker"}
    expected = [f"{statement};" for statement in role_statements(**names)]
    lines = re.sub(r" PASSWORD :'\w+'", "", script).splitlines()
    assert [line for line in lines if line.startswith(("CREATE", "ALTER", "GRANT"))] == expected


def test_the_service_does_not_connect_as_the_owner() -> None:
    addresses = {name: SERVICES[name]["environment"]["DATABASE_URL_FILE"].rpartition("/")[2] for name in OURS}
    service = dict.fromkeys(("web", "worker", "schedule"), "DATABASE_URL")
    assert addresses == {"migrate": "OWNER_DATABASE_URL", **service}
    assert "database_roles --grant" in SERVICES["migrate"]["command"][-1]
