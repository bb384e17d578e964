from django.urls import path

from meetings.arisings import views

urlpatterns = [
    path(
        "meetings/<int:pk>/minutes/<int:minute_pk>/arisings/add/", views.arising_record, name="arising-record"
    ),
    path("boards/<int:pk>/action-log/", views.arising_log, name="arising-log"),
    path("boards/<int:pk>/action-log.<slug:file_type>", views.arising_export, name="arising-export"),
    path("arisings/<int:pk>/", views.arising_page, name="arising"),
    path("arisings/<int:pk>/report/", views.arising_report, name="arising-report"),
    path("arisings/<int:pk>/remove/", views.arising_remove, name="arising-remove"),
    path("arisings/<int:pk>/close/", views.arising_close, name="arising-close"),
]
