"""Middleware that may answer in place of a view: Django asks its `process_view` once it knows which view it is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class BeforeView:
    """Lets every request through; who derives from it says in `process_view` whom not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self._get_response(request)
