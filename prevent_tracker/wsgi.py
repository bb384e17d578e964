"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from prevent_tracker.start_up import plain_refusals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prevent_tracker.settings")
with plain_refusals():
    application = get_wsgi_application()

    from django.conf import settings

    from prevent_tracker import operations

    if settings.PRODUCTION and not settings.DATABASE_SUPERUSER_ALLOWED:
        operations.refuse_superuser()
    operations.start(settings.OPERATIONS_ADDRESS)
