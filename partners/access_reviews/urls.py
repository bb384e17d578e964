from django.urls import path

from partners.access_reviews import views

urlpatterns = [
    path("access-reviews/", views.review_list, name="access-review-list"),
    path("access-reviews/<int:pk>/", views.review, name="access-review"),
    path("access-reviews/<int:pk>/export.<slug:file_type>", views.review_export, name="access-review-export"),
]
