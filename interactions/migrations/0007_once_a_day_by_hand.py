from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0006_reminders_of_every_kind'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='surveyinvitation',
            name='survey_invite_once_a_day',
        ),
        migrations.AddConstraint(
            model_name='surveyinvitation',
            constraint=models.UniqueConstraint(condition=models.Q(('campaign__isnull', True)), fields=('organization', 'survey', 'contact', 'asked_on'), name='survey_invite_once_a_day', violation_error_message='This contact was already asked today.'),
        ),
    ]
