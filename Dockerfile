# The server with its production dependencies, nothing else. Debian: better-sqlite3 ships its binary for glibc.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /lookaside
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The admin pages, which need the development dependencies to be built and nothing to be served.
FROM node:24-bookworm-slim AS pages
WORKDIR /lookaside
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY server server
COPY web web
# What to do about a refusal, which the pages show.
COPY docs/errors.md docs/errors.md
RUN node_modules/.bin/vite build --config web/vite.config.ts

FROM node:24-bookworm-slim
WORKDIR /lookaside
ENV NODE_ENV=production \
    LOOKASIDE_HOST=0.0.0.0 \
    LOOKASIDE_METRICS_HOST=0.0.0.0 \
    LOOKASIDE_DATA_DIR=/data
COPY --from=dependencies /lookaside/node_modules node_modules
COPY package.json ./
COPY migrations migrations
COPY server server
COPY --from=pages /lookaside/web/dist web/dist
RUN mkdir -m 700 /data && mkdir -p node_modules/.cache && chown node:node /data node_modules/.cache \
 && ln -s /lookaside/server/launch.js /usr/local/bin/lookaside
USER node
# Fills the compile cache, which a read-only container could not write; it belongs to the user who runs.
RUN node server/launch.js --help > /dev/null
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LOOKASIDE_PORT ?? 8080}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# In exec form, so that the server gets SIGTERM and finishes what is under way.
CMD ["node", "--max-semi-space-size=4", "--max-old-space-size=512", "--v8-pool-size=1", "server/launch.js", "serve"]
