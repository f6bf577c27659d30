# The portal's one image: web server, worker and beat are the same files with another command.
FROM debian:12-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 \
    libharfbuzz-subset0 fonts-noto-core gettext ca-certificates postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home portal

WORKDIR /srv/portal
COPY requirements/base.txt requirements/base.txt
RUN python3 -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
RUN for po in locale/*/LC_MESSAGES/django.po; do msgfmt -o "${po%.po}.mo" "$po"; done \
 && .venv/bin/python -m compileall -q -x '/\.venv/' . \
 && mkdir -p /var/lib/portal/static /var/lib/portal-secrets /var/lib/portal-backups \
 && chown portal /var/lib/portal /var/lib/portal/static /var/lib/portal-secrets /var/lib/portal-backups

ENV PATH=/srv/portal/.venv/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PORTAL_HOME=/var/lib/portal \
    PORTAL_SECRETS_DIR=/var/lib/portal-secrets
USER portal
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "apa_portal.wsgi"]
