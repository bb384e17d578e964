from django.urls import path

from actions.lists.views import exporting, lists

urlpatterns = [
    path("actions/", lists.action_list, name="action-list"),
    path("actions/export/", exporting.export_choose, name="action-export-choose"),
    path("actions/export.csv", exporting.action_export, {"kind": "csv"}, name="action-export"),
    path("actions/export.xlsx", exporting.action_export, {"kind": "xlsx"}, name="action-export"),
]
