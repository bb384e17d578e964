from django.urls import path, re_path

from programme.overview import views

urlpatterns = [
    path("programme/", views.overview, name="overview"),
    path("programme/foi/", views.foi, name="foi"),
    re_path(r"^programme/foi/export\.(?P<file_type>csv|xlsx)\Z", views.foi_export, name="foi-export"),
    path("programme/funding/grants.csv", views.grants_csv, name="grants-csv"),
    path("programme/frameworks/readings/<int:pk>/moderate/", views.reading_moderate, name="reading-moderate"),
    path("programme/<slug:room>/", views.room, name="room"),
    path("programme/<slug:room>/<slug:kind>/", views.record_list, name="record-list"),
    path("programme/<slug:room>/<slug:kind>/add/", views.record_create, name="record-create"),
    path("programme/<slug:room>/<slug:kind>/import/", views.record_import, name="record-import"),
    path(
        "programme/<slug:room>/<slug:kind>/import/confirm/",
        views.record_import_confirm,
        name="record-import-confirm",
    ),
    re_path(
        r"^programme/(?P<room>[a-z-]+)/(?P<kind>[a-z-]+)/export\.(?P<file_type>csv|xlsx)\Z",
        views.record_export,
        name="record-export",
    ),
    path("programme/<slug:room>/<slug:kind>/<int:pk>/", views.record_page, name="record-page"),
    path("programme/<slug:room>/<slug:kind>/<int:pk>/change/", views.record_edit, name="record-edit"),
]
