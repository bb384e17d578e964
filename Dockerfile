# The image is built with the same make targets as on a developer's machine; build tools are left out.
# docs/operations.md says how to pin it by digest.
ARG PYTHON_IMAGE=python:3.13-slim-trixie
FROM ${PYTHON_IMAGE} AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY Makefile ./

FROM build AS packages
COPY requirements.txt ./
RUN make .venv/.run

FROM build AS assets
COPY requirements-node.txt package.json package-lock.json ./
COPY assets assets
RUN make assets

FROM base AS runtime
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin tracker \
    && mkdir /data && chown tracker /data
# Letters use Arial or Liberation Sans if installed; backups need pg_dump of the database's version.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-liberation postgresql-client-17 && rm -rf /var/lib/apt/lists/*
ENV PATH="/app/.venv/bin:$PATH" DATA_DIR=/data STATIC_ROOT=/app/collected
COPY --from=packages /app/.venv .venv
COPY --from=assets /app/static static
COPY . .
# The key is for this command only: collecting files opens no database and signs nothing.
RUN MODE=demo SECRET_KEY=for-collectstatic-only python manage.py collectstatic --noinput --verbosity 0
# The running container writes no files here, so every process and health check would compile everything again: 6 seconds each.
RUN python -m compileall -q .venv .
USER tracker
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "prevent_tracker.serve", "--host", "0.0.0.0"]
