from django.urls import path

from desk.notices import views

urlpatterns = [
    path("notices/", views.notices_page, name="notices"),
    path("notices/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
