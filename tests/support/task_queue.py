"""What waits for the workers, done at once and in this process."""

from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


class NoServer(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        raise ConnectionRefusedError("no mail server")


NO_SERVER = f"{__name__}.{NoServer.__name__}"


def run_tasks() -> list[Any]:
    """Run the tasks that are due, as `run_worker` does; return what each answered, or the name of its error."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    due = list(DBTaskResult.objects.ready())
    for task in due:
        worker.run_task(task)
    return [task.exception_class_path or task.return_value for task in due]
