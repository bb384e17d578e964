from django.urls import path

from reports.templates import views

urlpatterns = [
    path("papers/templates/", views.template_list, name="template-list"),
    path("papers/templates/add/", views.template_create, name="template-create"),
    path("papers/templates/<int:pk>/", views.template_page, name="template"),
    path("papers/templates/<int:pk>/edit/", views.template_edit, name="template-edit"),
]
