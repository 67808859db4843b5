from django.db import migrations, models

from tidings.core.ids import new_id


def each_by_itself(apps, schema_editor):
    """Which channels came from one sign-in was not kept before: every one is taken for alone."""
    rows = apps.get_model("channels", "Channel").objects.using(schema_editor.connection.alias)
    for channel in rows.only("pk").iterator():
        rows.filter(pk=channel.pk).update(sign_in=new_id())


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_more_of_an_app")]

    operations = [
        migrations.AddField("channel", "sign_in", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(each_by_itself, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("channel", "sign_in", models.UUIDField(default=new_id, editable=False, db_index=True)),
    ]
