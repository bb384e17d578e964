"""The servers that the API's list is compared with: a stock ModelViewSet, and a bare WSGI application."""
