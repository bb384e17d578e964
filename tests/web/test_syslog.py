"""The log is sent to a receiver of syslog over TLS, whose certificate is checked; nobody waits for it."""

import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from prevent_tracker.logs import logging_settings
from tests.exchange.webhooks.receiving import HOST, certificates, names
from web import syslog
from web.health import Health
from web.logs import JsonFormatter, RequestIdFilter
from web.syslog import SyslogHandler

__all__ = ["names"]
MESSAGE = re.compile(rb"(\d+) ")


class SyslogReceiver:
    """Takes one connection after the other, and keeps the messages by their own lengths."""

    def __init__(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.context = context
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.messages: list[str] = []
        self.connections: list[ssl.SSLSocket] = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                plain, _ = self.server.accept()
                connection = self.context.wrap_socket(plain, server_side=True)
            except ssl.SSLError:
                continue
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.read, args=[connection], daemon=True).start()

    def read(self, connection: ssl.SSLSocket) -> None:
        data = b""
        while True:
            try:
                piece = connection.recv(65536)
            except OSError:
                return
            if not piece:
                return
            data += piece
            while (match := MESSAGE.match(data)) and len(data) >= match.end() + int(match[1]):
                end = match.end() + int(match[1])
                self.messages.append(data[match.end() : end].decode())
                data = data[end:]

    def close(self) -> None:
        self.server.close()
        for connection in self.connections:
            connection.close()


def wait_until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@contextmanager
def sending(port: int, authority: str, **options: int) -> Iterator[tuple[SyslogHandler, logging.Logger]]:
    handler = SyslogHandler(f"tls://{HOST}:{port}", authority, **options)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    logger = logging.Logger("security")
    logger.addHandler(handler)
    try:
        yield handler, logger
    finally:
        handler.close()


@pytest.fixture
def receiver(tmp_path: Path, names: dict[str, str]) -> Iterator[SyslogReceiver]:
    _, own = certificates(tmp_path)
    receiver = SyslogReceiver(own)
    yield receiver
    receiver.close()


def test_each_line_is_a_message_of_rfc_5424_in_order(receiver: SyslogReceiver, tmp_path: Path) -> None:
    with sending(receiver.port, str(tmp_path / "authority.pem")) as (handler, logger):
        logger.warning("sign_in_failed: %s", "a\nforged line", extra={"fields": {"event": "sign_in_failed"}})
        logger.info("second: café")
        wait_until(lambda: len(receiver.messages) == 2)
        assert handler.state == syslog.state() == "ok"
    first, second = receiver.messages
    # Facility 10 is security, 4 a warning and 6 information.
    assert re.match(
        r"<84>1 \d{4}-\d\d-\d\dT[\d:.]+\+00:00 \S+ prevent-tracker \d+ sign_in_failed - \{", first
    )
    assert "\n" not in first
    assert re.match(r"<86>1 .* - - \{.*café", second)
    assert syslog.state() == ""


def test_a_receiver_with_another_certificate_gets_nothing(receiver: SyslogReceiver, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    authority, _ = certificates(tmp_path / "other")
    with sending(receiver.port, str(authority)) as (handler, logger):
        logger.error("secret")
        wait_until(lambda: handler.failure)
        assert "CERTIFICATE_VERIFY_FAILED" in handler.state
        before = handler.state
        logger.error("another")
        assert handler.state == before, "or each line would be a change of health, and so a line"
    assert receiver.messages == []


def test_nobody_waits_for_a_receiver_that_is_down_and_lines_come_later(
    receiver: SyslogReceiver, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with sending(port, str(tmp_path / "authority.pem"), most_waiting=5) as (handler, logger):
        start = time.monotonic()
        for number in range(20):
            logger.info("line %s", number)
        assert time.monotonic() - start < 1
        wait_until(lambda: handler.failure)
        assert handler.lost >= 14
        assert "Connection refused; lines were lost" in handler.state
        health = Health({"database": "ok", "syslog": handler.state})
        assert health.is_ready, "the service serves on, and says so"
        assert "Connection refused" in health.body["syslog"]
        handler.port = receiver.port
        wait_until(lambda: receiver.messages)
        wait_until(lambda: not handler.failure)
        receiver.connections[0].shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not handler._waiting.qsize())
        logger.info("after a restart")
        wait_until(lambda: "after a restart" in receiver.messages[-1])
    assert handler.lost >= 14


def test_the_log_goes_to_both_where_an_address_is_set() -> None:
    plain = logging_settings(logging.INFO, "line")
    assert plain["root"]["handlers"] == ["console"]
    both = logging_settings(logging.INFO, "line", syslog="tls://logs.example.org:6514", ca_file="/ca.pem")
    assert both["root"]["handlers"] == ["console", "syslog"]
    assert both["handlers"]["syslog"]["filters"] == both["handlers"]["console"]["filters"]
    assert both["loggers"]["granian.access"]["handlers"] == ["console", "syslog"]
