"""A mail server of the tests' own, which can fall silent."""

import socketserver
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes mail on a port of this machine, and counts it by its receiver.

    `silent_after` is the command whose answer never comes: "" for the greeting, "DATA" for a mail that was taken.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.received: Counter[str] = Counter()
        self.connections = 0
        self.silent_after: str | None = None
        self.is_over = Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        self.server.connections += 1
        self._answer("", "220 ready")
        receiver = ""
        for line in self.rfile:
            command = line.decode().split(":")[0].split()[0].upper()
            if command == "RCPT":
                receiver = line.decode().split("<")[1].split(">")[0]
            if command == "DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.received[receiver] += 1
            self._answer(command, "221 bye" if command == "QUIT" else "250 ok")

    def _answer(self, command: str, words: str) -> None:
        if self.server.silent_after == command:
            self.server.is_over.wait()
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        Thread(target=office.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield office
        finally:
            office.is_over.set()
            office.shutdown()
