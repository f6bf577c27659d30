from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("health/", views.tell_health, name="health"),
    path("jobs/", views.list_jobs, name="jobs"),
    path("jobs/<int:pk>/", views.show_job, name="job"),
    path("jobs/<int:pk>/again/", views.start_again, name="again"),
]
