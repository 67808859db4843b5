from django.db import migrations


def end(apps, editor):
    """What sessions held was not bound to their rows before: such ones open no more, and would lie there unread."""
    apps.get_model("sessions", "Session").objects.using(editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0002_privacy"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(end, migrations.RunPython.noop),
    ]
