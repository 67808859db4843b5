"""Which page answers at which address. The pages of a workspace's posts are in tidings.web.urls."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from tidings.web import (
    api_keys,
    audit,
    erasure,
    exports,
    first_run,
    logo,
    members,
    notifications,
    people,
    privacy,
    privacy_pages,
    second_factor,
    security_log,
    settings_pages,
    snippets,
    tags,
    workspace_settings,
)

handler400 = "tidings.errors.bad_request"
handler403 = "tidings.errors.forbidden"
handler404 = "tidings.errors.not_found"
handler429 = "tidings.errors.too_many"
handler500 = "tidings.web.errors.broken"

_MEMBERS = [
    path("members", members.members, name="workspace_members"),
    path("members/invite", members.invite_member, name="invite_member"),
    path("members/<uuid:other>/role", members.set_role, name="set_role"),
    path("members/<uuid:other>/remove", members.remove_member, name="remove_member"),
    path(
        "invitations/<uuid:invitation>/revoke",
        members.revoke_invitation,
        name="revoke_invitation",
    ),
    path("keys", api_keys.api_keys, name="api_keys"),
    path("keys/<uuid:api_key>/revoke", api_keys.revoke_key, name="revoke_key"),
    path("audit", audit.audit, name="audit"),
    path("snippets", snippets.snippets, name="snippets"),
    path("snippets/<uuid:id>/change", snippets.change_snippet, name="change_snippet"),
    path("snippets/<uuid:id>/delete", snippets.delete_snippet, name="delete_snippet"),
    path("tags", tags.tags, name="tags"),
    path("tags/<uuid:id>/change", tags.change_tag, name="change_tag"),
    path("tags/<uuid:id>/merge", tags.merge_tag, name="merge_tag"),
    path("tags/<uuid:id>/delete", tags.delete_tag, name="delete_tag"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.home, name="home"),
    path("privacy", privacy.page, name="privacy"),
    path("privacy.json", privacy.machine, name="privacy_json"),
    path("first-run", first_run.first_run, name="first_run"),
    path("join/<str:token>", people.join_page, name="join"),
    path("workspaces/new", people.found, name="found_workspace"),
    path("settings/profile", settings_pages.profile, name="profile"),
    path("notifications", notifications.notifications, name="notifications"),
    path("notifications/read", notifications.read_notifications, name="read_notifications"),
    path("notifications/<uuid:id>/open", notifications.open_notification, name="open_notification"),
    path("notifications/off/<str:token>", notifications.notifications_off, name="notifications_off"),
    path("settings/notifications", notifications.notification_settings, name="notification_settings"),
    path("settings/security", settings_pages.security, name="security"),
    path("settings/security/log", security_log.security_log, name="security_log"),
    path("settings/security/not-me", security_log.not_me, name="not_me"),
    path("settings/security/second-factor", second_factor.second_factor, name="second_factor"),
    path("settings/sessions/<int:session>/end", settings_pages.end_session, name="end_session"),
    path("settings/export", exports.exports, name="exports"),
    path("settings/export/make", exports.make, name="make_export"),
    path("settings/export/progress", exports.progress, name="export_progress"),
    path("settings/export/<uuid:id>/delete", exports.delete, name="delete_export"),
    path("settings/privacy", privacy_pages.privacy_settings, name="privacy_settings"),
    path("settings/privacy/freeze", privacy_pages.freeze, name="freeze"),
    path("settings/privacy/thaw", privacy_pages.thaw, name="thaw"),
    path("settings/privacy/erase", erasure.erase_me, name="erase_me"),
    path("settings/privacy/heir/<uuid:member>", erasure.name_heir, name="name_heir"),
    path("settings/privacy/erasure", erasure.erasure, name="erasure"),
    path("settings/privacy/erasure/undo", erasure.keep_me, name="keep_me"),
    path("settings/privacy/erasure/now", erasure.erase_now, name="erase_now"),
    path("privacy/deletions/<str:code>", erasure.deletion_status, name="deletion_status"),
    path("w/<slug:slug>/leave", people.leave_workspace, name="leave_workspace"),
    path("w/<slug:slug>/settings", workspace_settings.workspace, name="workspace_settings"),
    path("w/<slug:slug>/settings/logo", logo.workspace_logo, name="workspace_logo"),
    path("w/<slug:slug>/settings/", include(_MEMBERS)),
    path("w/<slug:slug>/settings/erase", erasure.erase_workspace, name="erase_workspace"),
    path("w/<slug:slug>/settings/keep", erasure.keep_workspace, name="keep_workspace"),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="security")),
    path("accounts/", include("allauth.urls")),
    path("instance", include("tidings.web.instance.urls")),
    path("", include("tidings.web.urls")),
    path("api/v1/", include("tidings.api.urls")),
]
