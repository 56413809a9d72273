# One image definition for the three services:
#
#   docker build -f deploy/docker/service.Dockerfile --build-arg SERVICE=review -t openmtm-review .
#
# BASE_IMAGE may be any image with Python 3.11 or newer as `python3` with venv. Behind a proxy that signs its own
# certificates, give the bundle as a build secret: it reaches pip and is never part of a layer.
#
#   docker build --secret id=ca_bundle,src=/path/to/bundle.crt ...
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
COPY deploy/docker/with-ca /usr/local/bin/with-ca
COPY requirements /src/requirements
# Everything that runs comes from the hashed lock; this layer is the same for all three services.
RUN --mount=type=secret,id=ca_bundle \
    python3 -m venv /opt/openmtm \
 && with-ca /opt/openmtm/bin/pip install --quiet --no-compile --require-hashes --only-binary :all: \
      -r /src/requirements/runtime.lock.txt
# The build backend, from the same resolution, in an environment of its own that is thrown away.
RUN --mount=type=secret,id=ca_bundle \
    awk '/^[a-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' \
      /src/requirements/dev.lock.txt > /tmp/backend.txt \
 && python3 -m venv /tmp/backend \
 && with-ca /tmp/backend/bin/pip install --quiet --require-hashes --only-binary :all: -r /tmp/backend.txt
ARG SERVICE
COPY shared /src/shared
COPY services/${SERVICE} /src/services/${SERVICE}
RUN /tmp/backend/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /tmp/wheels \
      /src/shared "/src/services/${SERVICE}" \
 && /opt/openmtm/bin/pip install --quiet --no-compile --no-deps --no-index /tmp/wheels/*.whl \
 # typesetting is the documents service's alone, and the largest thing in the lock
 && if [ "$SERVICE" != documents ]; then /opt/openmtm/bin/pip uninstall --quiet --yes typst jinja2 babel; fi \
 && /opt/openmtm/bin/python -m pip uninstall --quiet --yes pip \
 && ln -s "mtm-${SERVICE}" /opt/openmtm/bin/mtm \
 && /opt/openmtm/bin/python -c "import mtm_${SERVICE}.main"

FROM ${BASE_IMAGE}
ARG SERVICE
LABEL org.opencontainers.image.title="OpenMTM ${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/openmtm /opt/openmtm
COPY deploy/docker/healthcheck.py /opt/openmtm/healthcheck.py
# A fixed numeric user, so that `runAsNonRoot` can be checked; /data is the only place that it writes to.
RUN mkdir -p /data && chown 10001:10001 /data
ENV PATH=/opt/openmtm/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    MTM_HOST=0.0.0.0 MTM_PORT=8000 MTM_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["python", "/opt/openmtm/healthcheck.py"]
# `mtm` is this image's mtm-<service> command: serve, worker, migrate, ...
ENTRYPOINT ["mtm"]
CMD ["serve"]
