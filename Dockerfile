# The server with its production dependencies and the built pages, nothing else. deploy/README.md has the commands.
# Debian: better-sqlite3 ships its binary for glibc. The version is that of package-lock.json, which the tests run on.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /lookaside
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The admin pages, which need the development dependencies to be built and nothing to be served.
FROM ${NODE_IMAGE} AS pages
WORKDIR /lookaside
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY server server
COPY web web
# What to do about a refusal, which the pages show.
COPY docs/errors.md docs/errors.md
RUN node_modules/.bin/vite build --config web/vite.config.ts

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="lookaside" \
      org.opencontainers.image.description="HTTP signature store for container images: verified before it is served" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
WORKDIR /lookaside
ENV NODE_ENV=production \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    MALLOC_TRIM_THRESHOLD_=2097152 \
    LOOKASIDE_HOST=0.0.0.0 \
    LOOKASIDE_METRICS_HOST=0.0.0.0 \
    LOOKASIDE_DATA_DIR=/data
COPY --from=dependencies /lookaside/node_modules node_modules
COPY package.json ./
COPY migrations migrations
COPY server server
COPY --from=pages /lookaside/web/dist web/dist
COPY deploy/container/compile.js deploy/container/compile.js
COPY deploy/backup/rotate.sh deploy/backup/rotate.sh
# Nothing is installed in a running container. The folders belong to group 0 as well, for platforms that choose the
# user (OpenShift): such a user is in that group and in no other. /backup is for copies on another volume than /data.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn* \
 && mkdir -m 770 /data /backup && mkdir -m 775 -p node_modules/.cache && chown 1000:0 /data /backup node_modules/.cache \
 && ln -s /lookaside/server/launch.js /usr/local/bin/lookaside
# `node` by number, so that Kubernetes can tell that it is not root.
USER 1000:0
RUN env $(sed -n '1s/^#!.* -S //p' server/launch.js) deploy/container/compile.js
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD ["lookaside", "health"]
# No entry point, so that `docker run … lookaside push …` is the command as it is documented. In exec form, and through
# `env -S` by exec: the server is process 1, gets SIGTERM and finishes what is under way.
ENTRYPOINT []
CMD ["lookaside", "serve"]
