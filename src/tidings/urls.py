"""Which page answers at which address."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []

if find_spec("tidings.web.urls"):
    urlpatterns += [path("", include("tidings.web.urls"))]
