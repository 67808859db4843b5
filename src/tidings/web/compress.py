"""Pages go out compressed, where that gives nothing away.

Whoever can make a browser ask for a page with words of theirs in it, and sees how long the answers are, can guess a
secret that stands beside those words, letter by letter (BREACH). So a page that shows a secret – none of those is ever
kept, see web/unkept.py – is not compressed. What every page has is the CSRF token, which Django masks anew each time;
and its middleware adds up to a hundred random bytes, so that lengths say little. Streams are left alone: they are not
to wait for more. Server-sent events do not come by here, and static files are compressed when they are built.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from tidings.web.unkept import NEVER


class Compress(GZipMiddleware):
    """Middleware: GZipMiddleware, for some."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django's hook."""
        if response.streaming or NEVER in response.headers.get("Cache-Control", ""):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
