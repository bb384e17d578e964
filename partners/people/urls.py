from django.urls import path

from partners.people import views

urlpatterns = [
    path("setup/<int:pk>/people/", views.people, name="people"),
    path("setup/<int:pk>/people/add/", views.person_add, name="person-add"),
    path("setup/<int:pk>/people/<int:membership_pk>/end/", views.role_end, name="role-end"),
]
