from django.urls import path

from interactions.views import concerns, interactions, notifications, surveys, tasks

app_name = "interactions"
urlpatterns = [
    path("log/", interactions.InteractionLogView.as_view(), name="interaction-log"),
    path("<uuid:pk>/change/", interactions.InteractionChangeView.as_view(), name="interaction-change"),
    path("<uuid:pk>/archive/", interactions.InteractionArchiveView.as_view(), name="interaction-archive"),
    path("<uuid:pk>/restore/", interactions.InteractionRestoreView.as_view(), name="interaction-restore"),
    path("tasks/", tasks.TaskListView.as_view(), name="task-list"),
    path("tasks/add/", tasks.TaskAddView.as_view(), name="task-add"),
    path("tasks/repeat/", tasks.RepeatPreviewView.as_view(), name="task-repeat-preview"),
    path("tasks/<uuid:pk>/change/", tasks.TaskChangeView.as_view(), name="task-change"),
    path("tasks/<uuid:pk>/complete/", tasks.TaskCompleteView.as_view(), name="task-complete"),
    path("tasks/<uuid:pk>/reopen/", tasks.TaskReopenView.as_view(), name="task-reopen"),
    path("tasks/<uuid:pk>/drop/", tasks.TaskDropView.as_view(), name="task-drop"),
    path("tasks/<uuid:pk>/remind/", tasks.ReminderAddView.as_view(), name="reminder-add"),
    path("reminders/<uuid:pk>/snooze/", tasks.ReminderSnoozeView.as_view(), name="reminder-snooze"),
    path("reminders/<uuid:pk>/dismiss/", tasks.ReminderDismissView.as_view(), name="reminder-dismiss"),
    path("concerns/", concerns.ConcernListView.as_view(), name="concern-list"),
    path("concerns/open/<uuid:pk>/", concerns.ConcernOpenView.as_view(), name="concern-open"),
    path("concerns/<uuid:pk>/", concerns.ConcernChangeView.as_view(), name="concern-change"),
    path("concerns/<uuid:pk>/advance/", concerns.ConcernAdvanceView.as_view(), name="concern-advance"),
    path("concerns/<uuid:pk>/resolve/", concerns.ConcernResolveView.as_view(), name="concern-resolve"),
    path("concerns/<uuid:pk>/lose/", concerns.ConcernLoseView.as_view(), name="concern-lose"),
    path("concerns/<uuid:pk>/reopen/", concerns.ConcernReopenView.as_view(), name="concern-reopen"),
    path("surveys/", surveys.SurveyListView.as_view(), name="survey-list"),
    path("surveys/add/", surveys.SurveyAddView.as_view(), name="survey-add"),
    path("surveys/<uuid:pk>/", surveys.SurveyDetailView.as_view(), name="survey-detail"),
    path("surveys/<uuid:pk>/change/", surveys.SurveyChangeView.as_view(), name="survey-change"),
    path("surveys/<uuid:pk>/archive/", surveys.SurveyArchiveView.as_view(), name="survey-archive"),
    path("surveys/<uuid:pk>/restore/", surveys.SurveyRestoreView.as_view(), name="survey-restore"),
    path("surveys/send/<uuid:pk>/", surveys.SurveySendView.as_view(), name="survey-send"),
    path("notifications/", notifications.NotificationListView.as_view(), name="notification-list"),
    path("notifications/read/", notifications.NotificationReadAllView.as_view(), name="notification-read-all"),
    path("notifications/<uuid:pk>/read/", notifications.NotificationReadView.as_view(), name="notification-read"),
]
