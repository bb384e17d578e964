from django.contrib.admin.apps import AdminConfig


class RecordsAdminConfig(AdminConfig):
    default_site = "partners.admin_site.site.RecordsSite"
