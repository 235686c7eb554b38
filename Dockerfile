# Built alike by docker (BuildKit), podman and buildah, so only with what all
# three know. docker/build.sh builds and tests it; docs/machine.md runs it.
#
#   docker build --target cpu -t song2017:cpu .
#   docker build --target cuda -t song2017:cuda .
#
# A third target, tests, adds the test suite to one of them (TESTED).
ARG TESTED=cpu

# --- Debian, Python, g++ and the packages of requirements/run.txt ----------
FROM debian:bookworm-20261005-slim AS python
# SNAPSHOT=20261121T000000Z takes Debian's packages as they were on that day.
# The mirror has the latest alone, so one day the pins below are gone from it.
ARG SNAPSHOT=
COPY docker/use-snapshot.sh /usr/local/lib/song2017/
# g++ stays, as Theano compiles while it runs. What it compiles is not kept in
# the image: it is for one processor, in a folder named after one kernel.
RUN sh /usr/local/lib/song2017/use-snapshot.sh "$SNAPSHOT" \
    && apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends \
        ca-certificates=20250419~deb12u2 \
        g++=4:12.2.0-3 \
        g++-12=12.2.0-14+deb12u1 \
        python3.11-dev=3.11.2-6+deb12u9 \
        python3.11-venv=3.11.2-6+deb12u9 \
    && rm -rf /var/lib/apt/lists/* /usr/lib/python3.11/config-3.11-*/*.a \
    && useradd --uid 1000 --home-dir /data --no-create-home song \
    # Anyone may write there: --user names users that are not known here.
    && install -d -m 1777 /data
COPY requirements/build.txt requirements/run.txt /opt/requirements/
COPY docker/slim.sh /usr/local/lib/song2017/
ENV LANG=C.UTF-8 PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_REQUIRE_HASHES=1
RUN python3.11 -m venv /opt/venv \
    && pip install -q -r /opt/requirements/build.txt \
    && pip install -q --no-build-isolation -r /opt/requirements/run.txt \
    && sh /usr/local/lib/song2017/slim.sh /opt/venv/lib/python3.11/site-packages
# Home, caches (MNIST, compiled code) and results are in the volume.
ENV HOME=/data XDG_CACHE_HOME=/data/cache MPLCONFIGDIR=/data/cache/matplotlib
WORKDIR /song2017
ENTRYPOINT ["/song2017/docker/entrypoint.sh"]
CMD ["python", "doctor.py"]

# --- our code, read-only, with links to where it may write -----------------
FROM python AS code
COPY . /song2017
# What `git describe --always --dirty --abbrev=40 --exclude=*` says, for
# run.json: the image has no repository.
ARG COMMIT=
RUN rm -rf tests results \
    && if [ -n "$COMMIT" ]; then printf '%s\n' "$COMMIT" > COMMIT; fi \
    && ln -s /data/runs /data/studies /data/report /data/results . \
    && python -m compileall -q .

# --- docker run IMAGE python mnist_cnn.py ----------------------------------
FROM python AS cpu
COPY --from=code /song2017 /song2017
USER song

# --- docker run --gpus all IMAGE python mnist_cnn.py -----------------------
FROM python AS cuda
# pygpu without Debian's own NumPy, which its package asks for.
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends \
        libgpuarray-dev=0.7.6-13+b1 \
        libgpuarray3=0.7.6-13+b1 \
    && cd /tmp && apt-get download -q python3-pygpu=0.7.6-13+b1 \
    && dpkg-deb -x python3-pygpu_*.deb pygpu \
    && mv pygpu/usr/lib/python3/dist-packages/pygpu \
        /opt/venv/lib/python3.11/site-packages/ \
    && rm -rf /tmp/* /var/lib/apt/lists/*
COPY requirements/cuda.txt /opt/requirements/
RUN pip install -q --no-build-isolation -r /opt/requirements/cuda.txt \
    && sh /usr/local/lib/song2017/slim.sh /opt/venv/lib/python3.11/site-packages
# The driver comes from the host, by its container toolkit, and with it the
# device that makes the entry point choose --device cuda0.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    SONG2017_GPU=/dev/nvidiactl
COPY --from=code /song2017 /song2017
USER song

# --- one of these with the tests -------------------------------------------
FROM ${TESTED} AS tests
USER root
COPY requirements/test.txt /opt/requirements/
RUN pip install -q --no-build-isolation -r /opt/requirements/test.txt \
    && rm results
COPY . /song2017
ENV HYPOTHESIS_STORAGE_DIRECTORY=/data/cache/hypothesis
USER song
CMD ["python", "-m", "pytest", "-p", "no:cacheprovider"]
