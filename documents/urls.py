from django.urls import URLPattern, URLResolver, path

from documents import verify_views, views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", views.list_documents, name="documents"),
    path("documents/<str:code>/", views.show_document, name="document"),
    path("documents/<str:code>/file/", views.send_file, name="file"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/ca.pem", verify_views.send_certificate, name="certificate"),
    path("v/", views.find_document, name="find"),
    path("v/<str:code>/", views.show_public, name="public"),
]
