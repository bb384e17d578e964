"""A partner's end of a webhook: an HTTPS server on this machine, with a certificate of its own authority."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example.org"
OTHER = "other.example.org"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@dataclass
class Receiver:
    """Keeps what it is sent and answers as it is told, then 204."""

    port: int
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    retry_after: str = ""
    before: Callable[[], Any] = lambda: None

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/hooks?from=tracker"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


def certificates(folder: Path) -> tuple[Path, Path]:
    """Write an authority's certificate, and a key with a certificate for HOST by it; return both files."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests' authority")])
    roots = _certificate(issuer, issuer, authority, authority)
    roots = roots.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    leaf = _certificate(subject, issuer, key, authority)
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    trusted, own = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(roots.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    own.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + leaf.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return trusted, own


def _certificate(subject: x509.Name, issuer: x509.Name, key: Any, authority: Any) -> Any:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
    )


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(({**headers, ":path": self.path}, self.rfile.read(length).decode()))
            receiver.before()
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", f"https://{OTHER}/elsewhere")
            if receiver.retry_after:
                self.send_header("Retry-After", receiver.retry_after)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's own name)
            return

    return Handler


@pytest.fixture
def receiver(tmp_path: Path, settings: Any, names: dict[str, str]) -> Generator[Receiver, None, None]:
    """The server at HOST, which settings allow to be connected to."""
    trusted, own = certificates(tmp_path)
    settings.WEBHOOK_CA_FILE, settings.WEBHOOK_ALLOWED_NETWORKS = str(trusted), [LOOPBACK]
    receiving = Receiver(port=0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(receiving))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiving.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiving
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the resolver answers, by name; nothing else is looked up, and no name outside of it is found."""
    known = {HOST: "127.0.0.1", OTHER: "127.0.0.1"}

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        try:
            ips = [str(ipaddress.ip_address(host))]
        except ValueError:
            if host not in known:
                raise socket.gaierror(f"no {host}") from None
            ips = known[host].split()
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, 1, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known
