# docker build --build-arg VERSION="$(git describe --tags --always)" -t sipas .
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -pgo=cmd/sipas/taking.pgo -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/sipas ./cmd/sipas \
 && mkdir -p /out/data /out/root/tmp && chmod 1777 /out/root/tmp

# For posters and paper forms: what the built-in font cannot write.
FROM debian:bookworm-slim AS fonts
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core \
 && mkdir -p /out && cp /usr/share/fonts/truetype/noto/NotoSansKhmer-*.ttf /usr/share/fonts/truetype/noto/NotoSansCham-*.ttf \
    /usr/share/doc/fonts-noto-core/copyright /out/

# Nothing but the program: no shell, no package manager, no other user.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=fonts /out /usr/share/fonts/noto
COPY --from=build /out/sipas /sipas
# The key file, and the database where SQLite is used.
COPY --from=build --chown=65532:65532 /out/data /data
# /tmp by way of its parent, for only what is inside a copied folder surely keeps its mode. A tmpfs mounted there belongs
# to root and takes that mode.
COPY --from=build /out/root /
ENV ZONEINFO=/zoneinfo.zip \
    SIPAS_ADDR=0.0.0.0:8080 \
    SIPAS_DATABASE_URL=sqlite:/data/sipas.db
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["/sipas", "doctor", "--live", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/sipas"]
CMD ["serve"]
