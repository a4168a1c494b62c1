from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_latest_messages'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='message_status',
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('status__in', ['sent', 'dead', 'suppressed', 'cancelled', 'held'])), fields=['organization', 'status', '-created_at'], name='message_ended'),
        ),
    ]
