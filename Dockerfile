# syntax=docker/dockerfile:1

FROM python:3.12-slim AS packages
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.lock /
RUN uv venv /opt/rafiq && uv pip sync --require-hashes --no-cache --python /opt/rafiq/bin/python /requirements.lock

FROM python:3.12-slim AS product
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rafiq
ENV PATH=/opt/rafiq/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    RAFIQ_ENV=production BIND=0.0.0.0:8000 DJANGO_SETTINGS_MODULE=config.settings
COPY --from=packages /opt/rafiq /opt/rafiq
WORKDIR /srv/rafiq
COPY . .
# No secret is in the image: these values are needed to load the settings and are gone after this line.
RUN SECRET_KEY=build PUBLIC_URL=https://build ALLOWED_HOSTS=build DEFAULT_FROM_EMAIL=build@build \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build EMAIL_URL=smtp://build python -m config.assets
USER rafiq
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "config.healthcheck"]
CMD ["gunicorn", "-c", "config/gunicorn.py"]
