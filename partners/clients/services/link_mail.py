"""The email with the link to a client's secret."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from partners.clients.models import SecretLink

SALT = "partners.secret_links"


def link_path(*, link: SecretLink) -> str:
    """Return the path of a link. It is made when it is mailed, so that it is stored nowhere."""
    return reverse("partners:client-secret-claim", args=[signing.dumps(link.pk, salt=SALT)])


def link_of(*, token: str) -> SecretLink | None:
    """Return the link with this token, however it ended; None if the token is not one of ours."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    links = SecretLink.objects.select_related("client__organisation", "client__partnership", "client__user")
    return links.filter(pk=pk).first()


def send_mail(*, link: SecretLink) -> None:
    """Send the link to its address.

    Raises:
        OSError: the mail server rejects the email or does not answer.
    """
    context = {
        "client": link.client,
        "link": settings.SITE_ADDRESS + link_path(link=link),
        "ends_at": link.ends_at,
        "site": settings.SITE_ADDRESS,
    }
    EmailMessage(
        subject=gettext("Prevent Tracker: the secret of {name}").format(name=link.client.name),
        body=render_to_string("partners/clients/secret_link_email.txt", context),
        to=[link.email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
