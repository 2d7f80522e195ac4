# The image of a service in Go: `--build-arg SERVICE=auth`. It holds one static program and nothing else.

FROM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY contracts contracts
COPY packages/go packages/go
COPY apps apps
ARG SERVICE
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /service ./apps/${SERVICE}-go

FROM scratch
ENV NODE_ENV=production
COPY --from=build /service /service
# A number: without /etc/passwd no name has a meaning.
USER 65532:65532
EXPOSE 8001 8003
ENTRYPOINT ["/service"]
