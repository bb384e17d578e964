"""Figures for Prometheus, and reports of errors."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.db import connection
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families
from sentry_sdk.transport import Transport

from audit import clock
from audit.actors import SYSTEM
from desk.jobs.models import Heartbeat
from desk.jobs.services import beat
from desk.worker import run_job
from prevent_tracker import error_reports, operations
from prevent_tracker.metrics import metrics
from prevent_tracker.operations import routes
from tests.cast import Cast
from tests.service.rig import ask
from web.health import Health, Monitor

pytestmark = pytest.mark.django_db
WELL = Health({"database": "ok", "evidence": "ok"})
DSN = "http://key@127.0.0.1:9/1"


def figures(health: Health = WELL) -> dict[str, float]:
    families = text_string_to_metric_families(metrics(health).decode())
    return {
        sample.name.removeprefix("prevent_tracker_")
        + "".join(f" {each}" for each in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_figures_tell_of_queue_heartbeats_and_record(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    now = clock.system()
    before = figures()
    assert (before["tasks_ready"], before["oldest_task_seconds"], before["webhook_messages_waiting"]) == (
        0,
        0,
        0,
    )
    assert before["last_verification_timestamp_seconds"] == 0
    assert "heartbeat_age_seconds worker" not in before
    beat(actor=SYSTEM, kind=Heartbeat.Kind.WORKER, name="first", at=now - timedelta(minutes=4))
    run_job.enqueue(job="returns", day="2026-03-04")
    DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=20))
    after = figures()
    assert after["tasks_ready"] == 1
    assert after["oldest_task_seconds"] == pytest.approx(1200, abs=60)
    assert after["heartbeat_age_seconds worker"] == pytest.approx(240, abs=60)
    assert after["evidence_disk_free_bytes"] > 0
    assert after["ready"] == 1
    assert ("lock_waits" in after) is (connection.vendor == "postgresql")


def test_a_database_that_is_away_is_not_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        away = figures(Health({"database": "unreachable", "evidence": "ok"}))
    assert (away["ready"], away["check_ok database"], away["check_ok evidence"]) == (0, 0, 1)
    assert "tasks_ready" not in away


def test_the_port_of_operations_answers_with_figures() -> None:
    status, content_type, body = routes(Monitor())["/metrics"]()
    assert (status, content_type.partition(";")[0]) == (200, "text/plain")
    assert b"prevent_tracker_ready 0.0" in body


def test_the_figures_are_answered_to_programs_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "start_monitor", Monitor)
    server = operations.start("127.0.0.1:0")
    assert server is not None
    port = server.server_address[1]
    accept = server.get_request
    try:
        assert ask(port, "/metrics").status == 200
        for header in ("X-Forwarded-For", "Forwarded"):
            assert ask(port, "/metrics", headers={header: "127.0.0.1"}).status == 403
        monkeypatch.setattr(server, "get_request", lambda: (accept()[0], ("192.0.2.7", 1)))
        for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}):
            assert ask(port, "/metrics", headers=headers).status == 403
            assert ask(port, "/metrics?name[]=ready", headers=headers).status == 403
        assert ask(port, "/livez").status == 200
    finally:
        server.shutdown()
        server.server_close()


class Post(Transport):
    """Takes the reports instead of a server."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.events.append(envelope.get_event())


def test_a_report_of_an_error_has_its_place_but_no_value() -> None:
    post = Post()
    with sentry_sdk.isolation_scope():
        error_reports.start(DSN, version="1.0", transport=post)
        try:
            secret = "ptpat_" + "a" * 40
            try:
                int(f"{secret} of ada@example.org")
            except ValueError:
                logging.getLogger("web").exception("Not sent: %s", "ada@example.org")
            logging.getLogger("web").warning("no error")
        finally:
            sentry_sdk.get_global_scope().set_client(None)
    (event,) = post.events
    (error,) = event["exception"]["values"]
    assert (error["type"], event["release"], event["tags"]) == ("ValueError", "1.0", {"request_id": "-"})
    assert (
        error["stacktrace"]["frames"][-1]["function"]
        == "test_a_report_of_an_error_has_its_place_but_no_value"
    )
    text = json.dumps(event, default=str)
    assert "ada@" not in text
    assert secret not in text


def test_nothing_is_reported_without_a_setting() -> None:
    error_reports.start("", version="1.0")
    assert not sentry_sdk.get_client().is_active()


def test_the_figures_are_of_this_moment() -> None:
    assert figures()["clock_timestamp_seconds"] == pytest.approx(clock.now().timestamp(), abs=60)
