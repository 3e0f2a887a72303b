# Builds with a compiler, runs without one.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
# Scripts later: `prepare` needs the sources, and so builds once they are here.
RUN npm ci --ignore-scripts
COPY . .
RUN npm rebuild better-sqlite3 && npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production STROWGER_DATA=/var/lib/strowger STROWGER_HTTP_ADDRESS=0.0.0.0
COPY --from=build /app/package.json /app/LICENSE /app/NOTICE ./
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/web web
COPY --from=build /app/config config
COPY --from=build /app/dialplans dialplans
RUN mkdir -p /var/lib/strowger && chown node:node /var/lib/strowger
USER node
VOLUME /var/lib/strowger
EXPOSE 5060/udp 5060/tcp 8080/tcp 20000-29999/udp
HEALTHCHECK --interval=10s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.STROWGER_HTTP_PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: signals must reach the supervisor. docker stop waits 10 s unless told; calls may take drain_seconds.
STOPSIGNAL SIGTERM
CMD ["node", "bin/strowger.js", "start"]
