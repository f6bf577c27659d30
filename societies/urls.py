from django.urls import URLPattern

app_name = "societies"
urlpatterns: list[URLPattern] = []
