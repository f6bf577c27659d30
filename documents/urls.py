from django.urls import URLPattern, URLResolver, path

from documents import key_views, verify_views, views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", views.list_documents, name="documents"),
    path("documents/<str:code>/", views.show_document, name="document"),
    path("documents/<str:code>/file/", views.send_file, name="file"),
    path("keys/", key_views.show_keys, name="keys"),
    path("keys/<int:posting>/make/", key_views.make_key, name="make-key"),
    path("keys/<int:posting>/revoke/", key_views.end_key, name="end-key"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/ca.pem", verify_views.send_certificate, name="certificate"),
    path("v/", views.find_document, name="find"),
    path("v/<str:code>/", views.show_public, name="public"),
]
