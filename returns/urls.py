from django.urls import path

from returns import views

app_name = "returns"
urlpatterns = [
    path("returns/", views.return_list, name="return-list"),
    path("plans/<int:pk>/returns/", views.plan_returns, name="plan-returns"),
    path("returns/<int:pk>/", views.return_page, name="return"),
    path("returns/<int:pk>/read/", views.return_read, name="return-read"),
    path("returns/<int:pk>/submit/", views.return_submit, name="return-submit"),
    path("returns/<int:pk>/question/", views.return_question, name="return-question"),
]
