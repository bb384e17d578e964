"""The files in deploy/ fit the product: units of systemd, the script of the first day, images and the bill of materials."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.core.management import get_commands

from prevent_tracker.setting_files import DEPLOYMENT
from tests.architecture.source import ROOT
from tests.architecture.test_compose import COMPOSE, OURS, SERVICES

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
LASTING = {"prevent-tracker-web", "prevent-tracker-worker", "prevent-tracker-schedule"}
DAY_ONE = (ROOT / "deploy" / "day-one.sh").read_text("utf-8")


def lines_of(unit: Path) -> list[tuple[str, str]]:
    pairs = (line.partition("=") for line in unit.read_text("utf-8").splitlines() if "=" in line)
    return [(name, value) for name, _, value in pairs if not name.startswith("#")]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_has_limits_no_rights_and_its_secrets_from_files(unit: Path) -> None:
    lines = lines_of(unit)
    values = dict(lines)
    assert values["User"] == "prevent-tracker"
    assert (values["NoNewPrivileges"], values["ProtectSystem"], values["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )
    assert {"MemoryMax", "TasksMax"} <= values.keys()
    calls = [value for name, value in lines if name == "SystemCallFilter"]
    assert calls == ["@system-service", "~@privileged"]
    assert values.get("Restart") == ("always" if unit.stem in LASTING else None)
    files = {value.partition(":")[0] for name, value in lines if name == "LoadCredential"}
    assert files == {*DEPLOYMENT, "EMAIL_URL", "WEBHOOK_SECRET_KEYS"} - {"MODE"}
    environment = " ".join(value for name, value in lines if name == "Environment").split()
    assert set(environment) == {f"{name}_FILE=%d/{name}" for name in files}
    for command in re.findall(r"manage\.py (\w+)", values["ExecStart"]):
        assert command in get_commands()


def test_the_script_for_commands_has_the_settings_and_secrets_of_the_units(tmp_path: Path) -> None:
    """It runs with stand-ins for the folders and programs of a machine, and prints what a command would get."""
    text = (ROOT / "deploy" / "manage.sh").read_text("utf-8")
    names = {*DEPLOYMENT, "EMAIL_URL", "WEBHOOK_SECRET_KEYS", "OWNER_DATABASE_URL"} - {"MODE"}
    (tmp_path / "secrets").mkdir()
    for name in names:
        (tmp_path / "secrets" / name).write_text(f"{name} of a file\n")
    settings = f"MODE=production\nDATA_DIR={tmp_path}\nDEFAULT_FROM_EMAIL='A <a@example.org>'\n"
    (tmp_path / "settings").write_text(settings)
    for program, line in (("id", "echo 0"), ("runuser", 'echo "$@"; exec env')):
        (tmp_path / program).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / program).chmod(0o755)
    script = tmp_path / "deploy" / "manage.sh"
    script.parent.mkdir()
    script.write_text(text.replace("config=/etc/prevent-tracker", f"config={tmp_path}"))

    def run(*command: str) -> list[str]:
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", script, *command], env=environment, check=True, capture_output=True)
        return done.stdout.decode().splitlines()

    command, *environment = run("verify_ledger", "--partnership", "West Yorkshire")
    assert command.startswith("--user prevent-tracker --preserve-environment -- ")
    assert command.endswith(" .venv/bin/python manage.py verify_ledger --partnership West Yorkshire")
    secrets = {f"{name}={name} of a file" for name in names - {"OWNER_DATABASE_URL"}}
    assert {*secrets, "MODE=production", "DEFAULT_FROM_EMAIL=A <a@example.org>"} <= set(environment)
    command, *environment = run("--owner", "migrate")
    assert command.endswith(" manage.py migrate")
    assert "DATABASE_URL=OWNER_DATABASE_URL of a file" in environment


def test_systemd_finds_no_fault_in_the_units() -> None:
    if (program := shutil.which("systemd-analyze")) is None:
        return  # only Linux machines with systemd can tell
    files = [str(path) for path in (ROOT / "deploy" / "systemd").iterdir()]
    done = subprocess.run([program, "verify", *files], capture_output=True, text=True, check=False)
    faults = [line for line in done.stderr.splitlines() if "prevent-tracker" in line]
    assert [line for line in faults if "is not executable: No such file" not in line] == []


def test_image_unit_and_manual_start_the_web_service_alike() -> None:
    web = ConfigParser(strict=False, interpolation=None)
    web.optionxform = str  # type: ignore[assignment,method-assign]
    web.read(ROOT / "deploy" / "systemd" / "prevent-tracker-web.service")
    unit = web["Service"]["ExecStart"].removeprefix("/opt/prevent-tracker/.venv/bin/").split()
    command = re.findall(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)[0]
    assert json.loads(command) == [*unit, "--host", "0.0.0.0"]
    assert f"\n    .venv/bin/{' '.join(unit)}\n" in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_script_of_the_first_day_fills_in_every_name_of_the_proxy() -> None:
    template = (ROOT / "deploy" / "nginx" / "tracker.conf.template").read_text("utf-8")
    names = set(re.findall(r"\$\{(\w+)\}", template))
    assert set(re.findall(r"\\\$\{(\w+)\}", DAY_ONE)) == names
    subprocess.run(["bash", "-n", ROOT / "deploy" / "day-one.sh"], check=True)


def test_the_image_has_the_version_and_every_container_has_limits() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert {SERVICES[name]["image"] for name in OURS} == {f"prevent-tracker:{version}"}
    for name, container in SERVICES.items():
        assert container["mem_limit"], name
        assert container["cpus"], name
        assert container["pids_limit"], name
        assert container["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
    assert "latest" not in json.dumps(COMPOSE)


def test_the_bill_of_materials_has_every_package_of_a_lock_file(tmp_path: Path) -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    lock = "\n".join(re.findall(r"^\S+==.*(?:\n    --hash.*)+", text, re.MULTILINE)[:5])
    (tmp_path / "lock").write_text(lock)
    program = Path(sys.executable).with_name("cyclonedx-py")
    options = ["--no-validate", "--output-format", "JSON", "--output-file", str(tmp_path / "bill")]
    subprocess.run([program, "requirements", tmp_path / "lock", *options], check=True, capture_output=True)
    bill = json.loads((tmp_path / "bill").read_text())
    packages = set(re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE))
    assert len(packages) > 3
    assert {(each["name"], each["version"]) for each in bill["components"]} == packages
    recipe = re.findall(r"^sbom:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[0]
    assert "cyclonedx-py requirements requirements.txt" in recipe
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    npm = re.findall(r"(npm sbom .*) >", recipe)[0].split()
    done = subprocess.run(npm, cwd=ROOT, env=os.environ | {"PATH": path}, check=True, capture_output=True)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    pages = json.loads(done.stdout)
    assert pages["metadata"]["component"]["version"] == version
    assert "govuk-frontend" in {each["name"] for each in pages["components"]}
