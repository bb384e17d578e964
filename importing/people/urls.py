from django.urls import path

from importing.people import views

urlpatterns = [
    path("setup/<int:pk>/people/import/", views.people_import, name="people-import"),
    path("setup/<int:pk>/people/import/confirm/", views.people_import_confirm, name="people-import-confirm"),
]
