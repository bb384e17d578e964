from django.urls import path

from partners.single_sign_on import views

urlpatterns = [
    path("login/single-sign-on/", views.sign_on, name="sign_on"),
    path("single-sign-on/callback/", views.callback, name="sign_on_callback"),
    path("single-sign-on/link/", views.link, name="sign_on_link"),
    path("single-sign-on/unlink/", views.unlink, name="sign_on_unlink"),
    path("single-sign-on/confirm/", views.confirm, name="sign_on_confirm"),
]
