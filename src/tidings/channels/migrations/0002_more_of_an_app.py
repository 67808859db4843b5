from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_first")]

    operations = [
        migrations.AddField("appcredential", "sealed_more", models.TextField(blank=True, default=""), False),
        migrations.AddField("appcredential", "tried_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("appcredential", "findings", models.JSONField(blank=True, default=list)),
    ]
