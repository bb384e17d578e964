from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from web.language import day_text


class JobRun(models.Model):
    """One job of one day in London: queued by the scheduler, run by a worker, and never twice once it is done."""

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Queued")
        DONE = "done", gettext_lazy("Done")
        GIVEN_UP = "given_up", gettext_lazy("Given up")

    job = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("In figures, without names.")
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "job"]
        constraints = [
            models.UniqueConstraint(fields=["job", "day"], name="job_run_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False) | ~Q(state="done"),
                name="job_run_done_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return gettext("{job} of {day}").format(job=self.job, day=day_text(self.day))

    @property
    def is_over(self) -> bool:
        return self.state != self.State.QUEUED


class Heartbeat(models.Model):
    """When a worker or a schedule last showed that it runs; outside of the record."""

    class Kind(models.TextChoices):
        WORKER = "worker", gettext_lazy("Worker")
        SCHEDULE = "schedule", gettext_lazy("Schedule")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "name"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
