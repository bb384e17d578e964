"""`make run` does not start beside another service on the same port: both would get each other's visitors."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT

PATH = {"PATH": os.environ["PATH"]}


def listener(host: str, family: int = socket.AF_INET, *, shares: bool) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shares:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, 0))
    listening.listen()
    return listening


@pytest.fixture(params=[("127.0.0.1", True), ("127.0.0.1", False), ("0.0.0.0", True)])
def port_in_use(request: pytest.FixtureRequest) -> Iterator[str]:
    host, shares = request.param
    with listener(host, shares=shares) as listening:
        yield str(listening.getsockname()[1])


@pytest.mark.parametrize("target", ["run", "screenshots"])
def test_a_port_in_use_is_named_before_anything_else_runs(port_in_use: str, target: str) -> None:
    command = ["make", target, "HOST=127.0.0.1", f"PORT={port_in_use}"]
    done = subprocess.run(
        command, env=PATH, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert f"Port {port_in_use} of 127.0.0.1 is taken by another program" in done.stderr
    assert "make run PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def check(host: str, port: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "prevent_tracker.port", host, port]
    return subprocess.run(command, env=PATH, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_port_is_free_once_its_program_has_ended() -> None:
    with listener("127.0.0.1", shares=False) as server:
        port = str(server.getsockname()[1])
        assert check("127.0.0.1", port).returncode != 0
        with socket.create_connection(("127.0.0.1", int(port))):
            accepted, _ = server.accept()
            accepted.close()
    done = check("127.0.0.1", port)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", "http", "PORT must be a number"),
        ("127.0.0.1", "0", "PORT must be a number"),
        ("127.0.0.1", "70000", "PORT must be a number"),
        ("198.51.100.7", "18000", "Cannot listen on port 18000 of 198.51.100.7"),
        ("no.such.host.invalid", "18000", "Cannot listen on port 18000 of no.such.host.invalid"),
    ],
)
def test_an_unusable_address_is_named(host: str, port: str, words: str) -> None:
    done = check(host, port)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
