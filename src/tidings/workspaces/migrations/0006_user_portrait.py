from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0005_single_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='portrait',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.CreateModel(
            name='UserPortrait',
            fields=[
                ('user', models.OneToOneField(on_delete=models.deletion.CASCADE, primary_key=True, related_name='kept_portrait', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('picture', models.BinaryField()),
            ],
        ),
    ]
