package config

// Process has the settings of every service.
type Process struct {
	Env                   string `env:"NODE_ENV"`
	LogLevel              string `env:"LOG_LEVEL"`
	Host                  string `env:"HOST"`
	InternalKey           string `env:"INTERNAL_KEY"`
	DeadlineMs            int    `env:"DEADLINE_MS"`
	DrainMs               int    `env:"DRAIN_MS"`
	HeadersTimeoutMs      int    `env:"HEADERS_TIMEOUT_MS"`
	RequestTimeoutMs      int    `env:"REQUEST_TIMEOUT_MS"`
	HeadersLimitBytes     int    `env:"HEADERS_LIMIT_BYTES"`
	BodyLimitBytes        int    `env:"BODY_LIMIT_BYTES"`
	ClientWriteTimeoutMs  int    `env:"CLIENT_WRITE_TIMEOUT_MS"`
	UnreadLimitBytes      int    `env:"UNREAD_LIMIT_BYTES"`
	ConnectionsMax        int    `env:"CONNECTIONS_MAX"`
	ConnectionsPerAddress int    `env:"CONNECTIONS_PER_ADDRESS"`
	Telemetry             string `env:"TELEMETRY"`
	// Collector receives the spans; empty for none.
	Collector    string  `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`
	SampledShare float64 `env:"OTEL_TRACES_SAMPLER_ARG"`
}

// Database has the settings of a service with a database.
type Database struct {
	QueryTimeoutMs      int    `env:"QUERY_TIMEOUT_MS"`
	QueryQueueMax       int    `env:"QUERY_QUEUE_MAX"`
	Pooler              string `env:"POOLER"`
	RetentionIntervalMs int    `env:"RETENTION_INTERVAL_MS"`
	RetentionBatch      int    `env:"RETENTION_BATCH"`
	RetentionPauseMs    int    `env:"RETENTION_PAUSE_MS"`
}
