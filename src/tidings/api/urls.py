"""Where the API answers. Its description is at /api/v1/openapi.json."""

from django.urls import URLPattern, URLResolver, path
from ninja.security import django_auth

from tidings.api import (
    analytics,
    bulk,
    channel,
    channels,
    check,
    connect_links,
    deliveries,
    find,
    folders,
    imports,
    inbox,
    instance,
    links,
    media,
    notifications,
    posts,
    problems,
    repeats,
    snippets,
    tags,
    uploads,
    versions,
    views,
)
from tidings.api.access import Key
from tidings.api.refusals import Described

api = Described(
    title="Tidings",
    version="1",
    description="Everything a page can do. With an API key of a workspace (Authorization: Bearer tdg_…), or with a "
    "session, whose changes need the X-CSRFToken header.",
    docs_url=None,  # the ready-made page loads its scripts from elsewhere
    auth=[Key(), django_auth],
    urls_namespace="api",
)
problems.install(api)
for _noun in (
    check, find, bulk, posts, channels, channel, connect_links, notifications, deliveries, media, folders, imports,
    instance, tags, views, versions, snippets, links, repeats, analytics, inbox,
):  # fmt: skip
    api.add_router("", _noun.router)

urlpatterns: list[URLPattern | URLResolver] = [*uploads.urlpatterns, path("", api.urls)]
