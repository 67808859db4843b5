"""Where the pages of a workspace's posts, channels and media are. One redirect address serves every network; a server
that people name has one of its own."""

from django.urls import path
from django.views.generic import RedirectView

from tidings.web import (
    attention,
    calendar,
    channels,
    composer,
    connect,
    credentials,
    decide,
    hear,
    held,
    library,
    networks,
    piece,
    portraits,
    post,
    reach,
)

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url="/static/logo.svg")),  # asked for by pages that name no icon
    path("connect/callback", connect.callback, name="connect_callback"),
    path("connect/callback/<slug:mark>", connect.callback, name="connect_callback_of"),
    path("connect/documents/<slug:network>/<str:name>", connect.document, name="connect_document"),
    path("connect/<slug:network>/<slug:wish>", hear.hear, name="hear"),
    path("portraits/<uuid:channel>/<str:mark>.webp", portraits.portrait, name="portrait"),
    path("w/<slug:slug>/calendar", calendar.calendar, name="calendar"),
    path("w/<slug:slug>/compose", composer.compose, name="compose"),
    path("w/<slug:slug>/posts/<uuid:id>", post.post, name="post"),
    path("w/<slug:slug>/posts/<uuid:id>/progress", post.progress, name="post_progress"),
    path("w/<slug:slug>/posts/<uuid:id>/edit", composer.edit, name="edit_post"),
    path("w/<slug:slug>/posts/<uuid:id>/cancel", post.cancel, name="cancel_post"),
    path("w/<slug:slug>/posts/<uuid:id>/publish", post.publish, name="publish_post"),
    path("w/<slug:slug>/posts/<uuid:id>/delete", post.delete, name="delete_post"),
    path("w/<slug:slug>/deliveries/<uuid:id>/retry", decide.retry_delivery, name="retry_delivery"),
    path("w/<slug:slug>/deliveries/<uuid:id>/cancel", decide.cancel_delivery, name="cancel_delivery"),
    path("w/<slug:slug>/deliveries/<uuid:id>/resolve", decide.resolve_delivery, name="resolve_delivery"),
    path("w/<slug:slug>/deliveries/<uuid:id>/candidates", decide.candidates_of, name="candidates"),
    path("w/<slug:slug>/deliveries/<uuid:id>/know", decide.know_delivery, name="know_delivery"),
    path("w/<slug:slug>/attention", attention.attention, name="attention"),
    path("w/<slug:slug>/attention/held", held.held, name="held"),
    path("w/<slug:slug>/media", library.library, name="media"),
    path("w/<slug:slug>/media/upload", library.upload, name="upload_media"),
    path("w/<slug:slug>/media/<uuid:id>", piece.piece, name="media_piece"),
    path("w/<slug:slug>/media/<uuid:id>/delete", piece.delete_piece, name="delete_media"),
    path("w/<slug:slug>/channels", channels.channels, name="channels"),
    path("w/<slug:slug>/channels/connect", networks.networks_page, name="connect"),
    path("w/<slug:slug>/channels/connect/<slug:network>", connect.network_page, name="connect_network"),
    path("w/<slug:slug>/channels/reach", reach.reach, name="reach"),
    path("w/<slug:slug>/channels/pick", connect.pick, name="pick_channels"),
    path("w/<slug:slug>/channels/apps", credentials.apps, name="apps"),
    path("w/<slug:slug>/channels/apps/<slug:network>", credentials.app, name="app"),
    path("w/<slug:slug>/channels/apps/<slug:network>/try", credentials.try_app, name="try_app"),
    path("w/<slug:slug>/channels/apps/<slug:network>/remove", credentials.remove_app, name="remove_app"),
    path("w/<slug:slug>/channels/<uuid:id>/observe", channels.observe_channel, name="observe_channel"),
    path("w/<slug:slug>/channels/<uuid:id>/disconnect", channels.disconnect_channel, name="disconnect_channel"),
    path("w/<slug:slug>/channels/<uuid:id>/delete", channels.delete_channel, name="delete_channel"),
    path("w/<slug:slug>/revocations/<uuid:id>/dismiss", channels.dismiss_revocation, name="dismiss_revocation"),
]
