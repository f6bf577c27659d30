from django.urls import URLPattern, URLResolver, path

from core import converters  # noqa: F401 (periods in addresses)
from documents import bundle_views, centre_views, key_views, verify_views, views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", views.list_documents, name="documents"),
    path("documents/<str:code>/", views.show_document, name="document"),
    path("documents/<str:code>/file/", views.send_file, name="file"),
    path("papers/", centre_views.find_centre, name="find-centre"),
    path("papers/<slug:office>/<period:period>/", centre_views.show_centre, name="centre"),
    path("papers/<slug:office>/<period:period>/make/", centre_views.make_papers, name="make-papers"),
    path("papers/<slug:office>/<period:period>/zip/", centre_views.pack_papers, name="pack-papers"),
    path("papers/zip/<int:pk>/", bundle_views.show_bundle, name="bundle"),
    path("papers/zip/<int:pk>/file/", bundle_views.send_bundle, name="bundle-file"),
    path("papers/zip/<int:pk>/again/", bundle_views.make_again, name="bundle-again"),
    path("keys/", key_views.show_keys, name="keys"),
    path("keys/<int:posting>/make/", key_views.make_key, name="make-key"),
    path("keys/<int:posting>/revoke/", key_views.end_key, name="end-key"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/ca.pem", verify_views.send_certificate, name="certificate"),
    path("v/", views.find_document, name="find"),
    path("v/<str:code>/", views.show_public, name="public"),
]
