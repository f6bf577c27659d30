from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [path("demo/become/", views.become, name="become")]
