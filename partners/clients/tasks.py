"""Emails about API clients, sent by a worker."""

from functools import partial

from django.utils.translation import gettext
from django_tasks import task

from partners.clients.models import SecretLink
from partners.clients.services.link_mail import send_mail
from partners.tasks import try_to_send


@task()
def send_secret_link(link_id: int, attempt: int = 1) -> str:
    """Mail a link to a client's secret, unless it has ended. Only its id is in the queue."""
    links = SecretLink.objects.open().select_related("client__organisation", "client__partnership")
    link = links.filter(pk=link_id).first()
    if link is None:
        return gettext("no open link")
    return try_to_send(
        partial(send_mail, link=link),
        send_secret_link,
        recipient=gettext("the address of link {link_id}").format(link_id=link_id),
        attempt=attempt,
        arguments={"link_id": link_id},
    )
