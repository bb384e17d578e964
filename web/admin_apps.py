from django.contrib.admin.apps import AdminConfig


class ConfirmingAdminConfig(AdminConfig):
    default_site = "web.admin_site.ConfirmingAdminSite"
