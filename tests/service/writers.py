"""Callers that save without a pause, send again what was not acknowledged, and remember what was."""

import json
import threading
import time
import urllib.parse
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Self

import psycopg

from tests.service.rig import Answer, Service, wait_until
from tests.support.template_database import TEMPLATE

CALLERS = 3
PATIENCE = 30


@dataclass
class Writers:
    """Partners' systems that report on one action, each with one request at a time."""

    service: Service
    world: dict[str, Any]
    names: str = "abc"
    pause: float = 0.05
    acknowledged: list[str] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    longest_silence: float = 0

    def __enter__(self) -> Self:
        basic = b64encode(f"{self.world['client_id']}:{self.world['secret']}".encode()).decode()
        fields = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
        kind = "application/x-www-form-urlencoded"
        headers = {"Authorization": f"Basic {basic}", "Content-Type": kind}
        answer = self.service.ask("/oauth/token/", "POST", body=fields, headers=headers)
        self.token = json.loads(answer.body)["access_token"]
        self.is_over = threading.Event()
        self.last = time.monotonic()
        self.threads = [
            threading.Thread(target=self._write, args=(name,), daemon=True) for name in range(CALLERS)
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.end = time.monotonic() + PATIENCE
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _write(self, caller: int) -> None:
        number = 0
        while not self.is_over.wait(self.pause):
            number += 1
            narrative = f"Caller {self.names[caller]} reports time {number}."
            while self._send(narrative) is None:
                if self.is_over.is_set() and time.monotonic() > self.end:
                    return
                time.sleep(0.1)  # what was begun is sent until it is acknowledged
            now = time.monotonic()
            self.longest_silence, self.last = max(self.longest_silence, now - self.last), now
            self.acknowledged.append(narrative)

    def _send(self, narrative: str) -> Answer | None:
        """Send an update once more, under the key of its first time."""
        body = json.dumps({"narrative": narrative, "rag": "green", "percent": 60}).encode()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": narrative.replace(" ", "-"),
        }
        path = f"/api/v1/actions/{self.world['action']}/updates/"
        try:
            answer = self.service.ask(path, "POST", body=body, headers=headers)
        except (OSError, HTTPException) as error:
            self.troubles[type(error).__name__] += 1
            return None
        if answer.status == 201:
            return answer
        self.troubles[str(answer.status) if answer.status >= 500 else answer.body] += 1
        return None

    def wait_for_another(self) -> float:
        """Wait until one more is acknowledged, and return the seconds it took."""
        before = len(self.acknowledged)
        return wait_until(lambda: len(self.acknowledged) > before, "another acknowledgement")

    def saved(self) -> Counter[str]:
        """Count the updates on record by what they say."""
        with psycopg.connect(self.service.cluster.url(TEMPLATE)) as database:
            rows = database.execute(
                "SELECT narrative FROM actions_progressupdate WHERE narrative LIKE 'Caller %'"
            )
            return Counter(narrative for (narrative,) in rows)
