from django.urls import path

from partners.organisations import views

urlpatterns = [
    path("setup/<int:pk>/reference/<slug:kind>/", views.reference_list, name="reference-list"),
    path("setup/<int:pk>/reference/<slug:kind>/add/", views.reference_create, name="reference-create"),
    path("setup/<int:pk>/reference/<slug:kind>/<int:row_pk>/", views.reference_edit, name="reference-edit"),
]
