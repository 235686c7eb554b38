# Built alike by docker (BuildKit), podman and buildah, so only with what all
# three know. docker/build.sh builds and tests it; README, "Docker", runs it.
#
#   docker build --target cpu -t song2017:cpu .
#
# Targets: cpu, cuda, and tests (TESTED=cpu or cuda, with the test suite).
ARG TESTED=cpu

# --- Debian, Python and the packages of requirements/run.txt ---------------
FROM debian:bookworm-20261005-slim AS python
# SNAPSHOT=20261121T000000Z takes Debian's packages as they were on that day.
# The mirror serves only the latest, so one day the pins below are not there.
ARG SNAPSHOT=
COPY docker/use-snapshot.sh /usr/local/lib/song2017/
# g++ stays in the image: Theano compiles C++ while it runs.
RUN sh /usr/local/lib/song2017/use-snapshot.sh "$SNAPSHOT" \
    && apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends \
        ca-certificates=20250419~deb12u2 \
        g++=4:12.2.0-3 \
        g++-12=12.2.0-14+deb12u1 \
        python3.11-dev=3.11.2-6+deb12u9 \
        python3.11-venv=3.11.2-6+deb12u9 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --home-dir /data --no-create-home song \
    # Anyone may write there: docker run --user names users it cannot know.
    && install -d -m 1777 /data
ENV LANG=C.UTF-8 PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/build.txt requirements/run.txt /opt/requirements/
RUN python3.11 -m venv /opt/venv \
    && pip install -q --require-hashes -r /opt/requirements/build.txt \
    && pip install -q --require-hashes --no-build-isolation \
        -r /opt/requirements/run.txt

# --- our code, read-only, with links to where it may write -----------------
FROM python AS code
COPY . /song2017
WORKDIR /song2017
ARG COMMIT=
RUN rm -rf tests results \
    && if [ -n "$COMMIT" ]; then printf '%s\n' "$COMMIT" > COMMIT; fi \
    && ln -s /data/runs /data/studies /data/report /data/results . \
    && python -m compileall -q .

# --- docker run IMAGE python mnist_cnn.py ----------------------------------
FROM python AS cpu
COPY --from=code /song2017 /song2017
# Home, caches (MNIST, Theano's compiled code) and results: in the volume.
ENV HOME=/data XDG_CACHE_HOME=/data/cache MPLCONFIGDIR=/data/cache/matplotlib
WORKDIR /song2017
USER song
ENTRYPOINT ["/song2017/docker/entrypoint.sh"]
CMD ["python", "doctor.py"]
