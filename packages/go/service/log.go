package service

import (
	"io"
	"log/slog"
	"time"
)

// The levels of pino, so that logs of both languages can be filtered alike.
var levels = map[string]slog.Level{
	"trace": -8, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
	"error": slog.LevelError, "fatal": 12, "silent": 100,
}

// newLogger writes one JSON object per line, with the fields of the services in Node.
func newLogger(out io.Writer, name, level string) *slog.Logger {
	handler := slog.NewJSONHandler(out, &slog.HandlerOptions{Level: levels[level], ReplaceAttr: asPino})
	return slog.New(handler).With("name", name)
}

func asPino(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return attr
	}
	switch attr.Key {
	case slog.TimeKey:
		if at, ok := attr.Value.Any().(time.Time); ok {
			return slog.Int64(slog.TimeKey, at.UnixMilli())
		}
	case slog.LevelKey:
		if level, ok := attr.Value.Any().(slog.Level); ok {
			return slog.Int(slog.LevelKey, pinoLevel(level))
		}
	}
	return attr
}

// pinoLevel is 10 for trace to 60 for fatal; slog has -8 to 12.
func pinoLevel(level slog.Level) int { return 30 + int(level)*10/4 }
