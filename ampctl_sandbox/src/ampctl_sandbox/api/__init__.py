"""The Admin API: routes over the rules of each endpoint, as a WSGI application."""
