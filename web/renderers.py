"""The forms in which the API answers."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class Json(JSONRenderer):
    """JSON in one form only: the same data are the same bytes, whatever else the caller's Accept says."""

    def get_indent(self, accepted_media_type: str, renderer_context: dict[str, Any]) -> None:
        return None


class AnyType(Json):
    """For an address that answers with a file: whatever the caller accepts may be what the file is."""

    media_type = "*/*"
    format = "file"
