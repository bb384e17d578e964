from django.urls import path

from partners.memberships import views

urlpatterns = [path("help/contact/", views.contact, name="contact")]
