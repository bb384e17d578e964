import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from audit.models import Checkpoint, Entry, Ledger
from partners.admin_site.admin import ReadOnlyAdmin


@pytest.mark.parametrize("model", [Ledger, Entry, Checkpoint])
def test_the_admin_site_writes_nothing_in_a_ledger(model: type) -> None:
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_active=True, is_staff=True, is_superuser=True)
    pages = [ReadOnlyAdmin(model, admin.site)]
    if admin.site.is_registered(model):
        pages.append(admin.site.get_model_admin(model))
    for page in pages:
        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request)
        assert not page.has_delete_permission(request)
        assert page.get_actions(request) == {}
