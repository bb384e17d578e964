from django.urls import include, path

app_name = "exchange"
urlpatterns = [path("", include("exchange.webhooks.urls"))]
