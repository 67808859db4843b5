from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0006_user_portrait'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkspaceLogo',
            fields=[
                ('workspace', models.OneToOneField(on_delete=models.deletion.CASCADE, primary_key=True, related_name='logo', serialize=False, to='workspaces.workspace')),
                ('picture', models.BinaryField()),
            ],
        ),
    ]
