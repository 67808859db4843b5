"""Where the operator's pages are: under /instance."""

from django.urls import path

from tidings.web.instance import acts, apps, failures, keeping, overview, people, queue, storage

urlpatterns = [
    path("", overview.instance, name="instance"),
    path("/look", overview.look_again, name="instance_look"),
    path("/mail", overview.test_mail, name="instance_mail"),
    path("/queue", queue.queue_page, name="instance_queue"),
    path("/failed", failures.failures_page, name="instance_failures"),
    path("/users", people.users, name="instance_users"),
    path("/users/<uuid:id>", people.user_page, name="instance_user"),
    path("/users/<uuid:id>/room", people.set_room, name="instance_room"),
    path("/users/<uuid:id>/erase", people.erase, name="instance_erase"),
    path("/users/<uuid:id>/<slug:act>", people.act, name="instance_act"),
    path("/apps", apps.apps_page, name="instance_apps"),
    path("/apps/try", apps.try_apps, name="instance_try_apps"),
    path("/privacy", keeping.keeping_page, name="instance_keeping"),
    path("/storage", storage.storage_page, name="instance_storage"),
    path("/log", acts.acts_page, name="instance_acts"),
]
