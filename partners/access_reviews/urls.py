from django.urls import path, re_path

from partners.access_reviews import views

urlpatterns = [
    path("access-reviews/", views.review_list, name="access-review-list"),
    path("access-reviews/<int:pk>/", views.review, name="access-review"),
    re_path(
        r"^access-reviews/(?P<pk>[0-9]{1,18})/export\.(?P<file_type>csv|xlsx)\Z",
        views.review_export,
        name="access-review-export",
    ),
]
