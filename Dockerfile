# The image of every process of Plenum; PLENUM_DOORS says which part of it one container plays.
# Debian, not Alpine: the embedded PostgreSQL, for those who keep it, is linked against glibc.

FROM node:22-bookworm-slim AS build
WORKDIR /plenum
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY .swcrc tsconfig.json ./
COPY services services
RUN npm run build

# What runs: no compilers, and no embedded PostgreSQL, which is an optional dependency.
FROM node:22-bookworm-slim AS modules
WORKDIR /plenum
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 PLENUM_ADMIN_PORT=9090 PLENUM_DATA_DIR=/var/lib/plenum
RUN groupadd --system --gid 10001 plenum \
  && useradd --system --uid 10001 --gid plenum --home-dir /var/lib/plenum --create-home --shell /usr/sbin/nologin plenum
WORKDIR /plenum
COPY --from=modules /plenum/node_modules node_modules
COPY --from=build /plenum/dist dist
COPY package.json LICENSE NOTICE ./
COPY schema schema
USER plenum
EXPOSE 4000 9090
# Lives, not ready: a container whose database is away must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Ends itself on SIGTERM: 5 s for balancers, 20 s for requests, then the worker's jobs and the pools.
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/services/main.js"]
