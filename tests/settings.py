"""The portal's settings as tests see them: a home of their own, nothing read from this machine's environment.

``DATABASE_URL`` alone is taken over, so that the same suite runs on PostgreSQL. The test database is named after the
folder, so that two working copies can test at the same time.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="portal-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
READ_BY_SETTINGS = (
    "ALLOWED_HOSTS",
    "BROKER_URL",
    "DEBUG",
    "PORTAL_ADDRESS",
    "PORTAL_BACKUP_DIR",
    "PORTAL_BACKUP_PASSPHRASE",
    "PORTAL_CLOCK",
    "PORTAL_DEMO",
    "PORTAL_FILES_DIR",
    "PORTAL_SECRETS_DIR",
    "SECRET_KEY",
    "USE_HTTPS",
)
for name in READ_BY_SETTINGS:
    os.environ.pop(name, None)
os.environ["PORTAL_HOME"] = str(HOME)
# Playwright keeps an event loop in the test's thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from apa_portal.settings import *  # noqa: E402, F403
from apa_portal.settings import BASE_DIR, DATABASES, INSTALLED_APPS, STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402

PORTAL_TESTS = True
STATIC_ROOT.mkdir(exist_ok=True)
if (BASE_DIR / "demo").is_dir() and "demo" not in INSTALLED_APPS:
    INSTALLED_APPS.append("demo")
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("demo.context.log_in_extras")

FOLDER = re.sub(r"\W", "_", BASE_DIR.name)[:30]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in an instance: an in-memory database locks whole tables where a file waits its turn.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{FOLDER}"}
    DATABASES["default"]["OPTIONS"].pop("pool", None)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
