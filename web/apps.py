from django.apps import AppConfig

from web.language import name_fields


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        name_fields()
