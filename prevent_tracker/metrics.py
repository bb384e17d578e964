"""Figures of the service for Prometheus: read from the database and the disk when they are asked for.

Each process gives the same answer, so it does not matter which one is asked. No figure names a person or an action.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Max, Min
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from audit import clock
from audit.models import Checkpoint
from desk.jobs.models import JobRun
from desk.jobs.services import heartbeat_ages, longest_wait
from exchange.webhooks.models import WebhookDelivery
from web.health import OK, Health

__all__ = ["CONTENT_TYPE_LATEST", "metrics"]

LOCK_WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def metrics(health: Health) -> bytes:
    """Return the figures as Prometheus reads them.

    Args:
        health: the latest health; the database is not asked when it does not answer.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_ServiceCollector(health))
    return generate_latest(registry)


class _ServiceCollector(Collector):
    def __init__(self, health: Health) -> None:
        self._health = health

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield _gauge("ready", "1 when the service can serve, as /readyz says", int(self._health.is_ready))
        checks = _family("check_ok", "1 for each check of /readyz that passes", ["check"])
        for name, result in self._health.checks.items():
            checks.add_metric([name], int(result == OK))
        yield checks
        yield from _disk()
        if self._health.checks.get("database") == OK:
            yield from _figures()


def _figures() -> list[Metric]:
    """Return the figures of the database; none when it stops to answer meanwhile."""
    try:
        # Jobs and heartbeats of a demonstration are dated by different clocks.
        return [
            *_queue(clock.system()),
            *_webhooks(clock.now()),
            *_record(clock.now()),
            *_locks(),
        ]
    except (DatabaseError, InterfaceError):
        return []


def _queue(at: datetime) -> Iterator[Metric]:
    yield _gauge("tasks_ready", "Tasks that a worker could take", DBTaskResult.objects.ready().count())
    yield _gauge("tasks_running", "Tasks that workers run", DBTaskResult.objects.running().count())
    yield _gauge(
        "oldest_task_seconds", "How long the oldest ready task has waited", _seconds(longest_wait(at=at))
    )
    ages = _family("heartbeat_age_seconds", "Since a process of this kind showed that it runs", ["kind"])
    for kind, age in heartbeat_ages(at=at).items():
        if age is not None:
            ages.add_metric([kind], _seconds(age))
    yield ages
    yield _gauge(
        "last_verification_timestamp_seconds",
        "When evidence and ledgers were last verified and whole; 0 for never",
        _timestamp(
            JobRun.objects.filter(job="verification", state=JobRun.State.DONE).aggregate(
                at=Max("finished_at")
            )["at"]
        ),
    )


def _webhooks(at: datetime) -> Iterator[Metric]:
    waiting = WebhookDelivery.objects.waiting().aggregate(number=Count("pk"), oldest=Min("made_at"))
    yield _gauge("webhook_messages_waiting", "Webhook messages that are not delivered", waiting["number"])
    age = at - waiting["oldest"] if waiting["oldest"] else timedelta(0)
    yield _gauge("oldest_webhook_message_seconds", "How long the oldest of them has waited", _seconds(age))


def _record(at: datetime) -> Iterator[Metric]:
    last = Checkpoint.objects.aggregate(at=Max("at"))["at"]
    yield _gauge(
        "last_checkpoint_timestamp_seconds", "When a ledger was last signed; 0 for never", _timestamp(last)
    )
    yield _gauge("clock_timestamp_seconds", "The clock that ledgers are dated by", at.timestamp())


def _locks() -> Iterator[Metric]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK_WAITS)
            yield _gauge("lock_waits", "Sessions of the database that wait for a lock", cursor.fetchone()[0])


def _disk() -> Iterator[Metric]:
    try:
        usage = shutil.disk_usage(settings.MEDIA_ROOT)
    except OSError:
        return
    yield _gauge("evidence_disk_free_bytes", "Room on the disk of the evidence", usage.free)
    yield _gauge("evidence_disk_size_bytes", "Size of the disk of the evidence", usage.total)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"prevent_tracker_{name}", text, value=value)


def _family(name: str, text: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"prevent_tracker_{name}", text, labels=labels)


def _seconds(age: timedelta) -> float:
    return max(age.total_seconds(), 0)


def _timestamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0
