"""The reference proxy, tested with nginx itself: slow and large bodies do not reach the service, and headers cannot be forged."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from django.db import connection

from tests.architecture.source import ROOT
from tests.service.rig import THREADS, Service, ask, free_port, running, wait_until
from tests.support.harness import CI
from web.logs import SECRET_ADDRESSES

TEMPLATE = (ROOT / "deploy" / "nginx" / "tracker.conf.template").read_text("utf-8")
SLOW = 16


class Proxy(NamedTuple):
    http_port: int
    https_port: int
    log: Path


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Proxy]:
    """Run nginx with the reference configuration, as its image does with the files of its templates."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("no nginx on this machine") if CI else pytest.skip("no nginx on this machine")
    folder.mkdir()
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-subj", "/CN=localhost", "-days", "2", "-keyout", "tls.key", "-out", "tls.crt"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    proxy = Proxy(free_port(), free_port(), folder / "access.log")
    names = {
        "UPSTREAM": upstream,
        "HTTP_PORT": f"127.0.0.1:{proxy.http_port}",
        "HTTPS_PORT": f"127.0.0.1:{proxy.https_port}",
        "SERVER_NAME": "localhost",
        "TLS_FOLDER": str(folder),
        "LOG": str(proxy.log),
    }
    text = TEMPLATE
    for name, value in names.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
    main += f"{'user root;' if os.geteuid() == 0 else ''} events {{}}\nhttp {{\n{temporary}{text}}}\n"
    (folder / "nginx.conf").write_text(main, "utf-8")
    server = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE)
    try:
        wait_until(
            lambda: socket.create_connection(("127.0.0.1", proxy.http_port), 1).close() is None, "nginx"
        )
        yield proxy
    finally:
        server.terminate()
        server.wait(timeout=20)
        if server.stderr:
            server.stderr.close()


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it got and the size of the body."""

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        body = json.dumps({"headers": dict(self.headers.items()), "size": size}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_args: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def before_echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as echo:
        Thread(target=echo.serve_forever, daemon=True).start()
        folder = tmp_path_factory.mktemp("proxy") / "nginx"
        with nginx(folder, f"127.0.0.1:{echo.server_address[1]}") as proxy:
            yield proxy
        echo.shutdown()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL")
    with running(BEHIND_PROXY="true") as service:
        yield service


@pytest.fixture
def before_service(service: Service, tmp_path: Path) -> Iterator[Proxy]:
    with nginx(tmp_path / "nginx", f"127.0.0.1:{service.port}") as proxy:
        yield proxy


def open_slowly(port: int) -> socket.socket:
    """Begin a form of 60 kB with its first bytes; the others do not come."""
    visitor = socket.create_connection(("127.0.0.1", port), timeout=30)
    token = "a" * 32
    visitor.sendall(
        b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken="
        + token.encode()
        + b"\r\n\r\nlogin=a"
    )
    return visitor


def test_sixteen_slow_bodies_keep_nobody_waiting(before_service: Proxy, service: Service) -> None:
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(open_slowly(before_service.http_port))
        time.sleep(0.3)  # until they are all there
        start = time.monotonic()
        for _ in range(5):
            assert ask(before_service.http_port, "/accounts/login/", seconds=12).status == 200
        # The proxy gives a slow body 15 seconds.
        assert time.monotonic() - start < 12


def test_the_service_alone_survives_fewer_slow_bodies_than_its_threads(service: Service) -> None:
    with ExitStack() as stack:
        for _ in range(THREADS - 1):
            stack.enter_context(open_slowly(service.port))
        time.sleep(0.3)
        assert service.ask("/accounts/login/").status == 200
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(open_slowly(service.port))
        time.sleep(0.3)
        assert is_waiting(service.port)
        assert ask(service.operations_port, "/livez", seconds=5).status == 200
    # It comes back when they leave.
    wait_until(lambda: service.ask("/accounts/login/", seconds=5).status == 200, "the next visitor is served")


def test_slow_headers_take_no_thread_and_end(service: Service) -> None:
    with ExitStack() as stack:
        visitors = [
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
            for _ in range(5 * SLOW)
        ]
        for visitor in visitors:
            visitor.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n")
        assert service.ask("/livez", seconds=20).status == 200
        start = time.monotonic()
        assert [visitor.recv(1) for visitor in visitors] == [b""] * len(visitors)
        assert time.monotonic() - start < 8


def is_waiting(port: int) -> bool:
    """Return whether the next visitor gets no answer within a second."""
    try:
        ask(port, "/livez", seconds=1)
    except TimeoutError:
        return True
    return False


def test_an_unavailable_service_is_explained(tmp_path: Path) -> None:
    with nginx(tmp_path / "nginx", f"127.0.0.1:{free_port()}") as proxy:
        answer = ask(proxy.http_port, "/actions/")
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert "check whether it was saved" in answer.body


@pytest.mark.parametrize(
    ("path", "accepted", "refused"),
    [
        ("/accounts/login/", 64_000, 200_000),
        ("/oauth/token/", 64_000, 200_000),
        ("/actions/1/evidence/add/", 500_000, 14_000_000),
    ],
)
def test_large_bodies_stop_at_the_proxy(before_echo: Proxy, path: str, accepted: int, refused: int) -> None:
    answer = ask(before_echo.http_port, path, "POST", body=b"x" * accepted)
    assert (answer.status, json.loads(answer.body)["size"]) == (200, accepted)
    assert announce(before_echo.http_port, path, refused) == 413
    assert announce(before_echo.http_port, path, 31 << 30) == 413


def announce(port: int, path: str, size: int) -> int:
    """Announce a body of a size, send nothing of it, and return the status of the answer."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    client.putrequest("POST", path)
    client.putheader("Content-Length", str(size))
    client.endheaders()
    status = client.getresponse().status
    client.close()
    return status


def test_a_body_in_pieces_arrives_with_its_length(before_echo: Proxy) -> None:
    client = http.client.HTTPConnection("127.0.0.1", before_echo.http_port, timeout=5)
    client.request("POST", "/actions/", iter([b"a" * 1000, b"b" * 1000]), encode_chunked=True)
    received = json.loads(client.getresponse().read())
    client.close()
    assert received["size"] == 2000
    assert received["headers"]["Content-Length"] == "2000"


def test_the_proxy_says_who_called_and_passes_on_no_forged_header(before_echo: Proxy) -> None:
    forged = {
        "X-Forwarded-For": "10.0.0.1",
        "X_Forwarded_For": "10.0.0.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Request-ID": "forged-request-id",
        "Forwarded": "for=10.0.0.3",
        "Proxy": "http://evil.example",
    }
    headers = json.loads(ask(before_echo.http_port, "/actions/", headers=forged).body)["headers"]
    received = {name.lower(): value for name, value in headers.items()}
    assert received["x-forwarded-for"] == "127.0.0.1"
    assert received["x-forwarded-proto"] == "http"
    assert received["host"] == "localhost"
    assert len(received["x-request-id"]) == 32
    assert not {"x_forwarded_for", "x-forwarded-host", "forwarded", "proxy"} & set(received)


def test_tls_ends_at_the_proxy(before_echo: Proxy) -> None:
    context = ssl._create_unverified_context()
    client = http.client.HTTPSConnection("127.0.0.1", before_echo.https_port, timeout=5, context=context)
    client.request("GET", "/actions/", headers={"Host": "localhost"})
    headers = json.loads(client.getresponse().read())["headers"]
    client.close()
    assert headers["X-Forwarded-Proto"] == "https"


def test_the_log_of_the_proxy_holds_no_secret(before_echo: Proxy) -> None:
    for address in SECRET_ADDRESSES:
        assert ask(before_echo.http_port, f"{address}very-secret?token=very-secret").status == 200
    assert ask(before_echo.http_port, "/actions/?q=very-secret").status == 200
    wait_until(lambda: '"GET /actions/"' in before_echo.log.read_text(), "the last line is written", 5)
    text = before_echo.log.read_text()
    assert "very-secret" not in text
    assert text.count("(secret)") == len(SECRET_ADDRESSES)
