// Command auth-go is auth in Go (H3): the same contract, the same SQL, the same settings, and the
// same keys, tokens and password hashes as apps/auth.
package main

import (
	"context"
	"os"
	"runtime"

	"flash-deal/apps/auth-go/internal/keys"
	"flash-deal/apps/auth-go/internal/password"
	"flash-deal/apps/auth-go/internal/queries"
	"flash-deal/apps/auth-go/internal/tokens"
	"flash-deal/contracts"
	"flash-deal/packages/go/config"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

type settings struct {
	config.Process
	config.Database
	Port                    int    `env:"AUTH_PORT"`
	DatabaseURL             string `env:"AUTH_DATABASE_URL"`
	Algorithm               string `env:"JWT_ALG"`
	Issuer                  string `env:"JWT_ISSUER"`
	Audience                string `env:"JWT_AUDIENCE"`
	PrivateKey              string `env:"JWT_PRIVATE_KEY"`
	PublicKeys              string `env:"JWT_PUBLIC_KEYS"`
	KeysDir                 string `env:"KEYS_DIR"`
	AccessTokenTTLS         int    `env:"ACCESS_TOKEN_TTL_S"`
	RefreshTokenTTLS        int    `env:"REFRESH_TOKEN_TTL_S"`
	RefreshGraceMs          int    `env:"REFRESH_GRACE_MS"`
	RefreshTokenRetentionMs int    `env:"REFRESH_TOKEN_RETENTION_MS"`
	PasswordConcurrency     int    `env:"PASSWORD_CONCURRENCY"`
	PasswordQueueMax        int    `env:"PASSWORD_QUEUE_MAX"`
}

// auth has the dependencies of the handlers.
type auth struct {
	settings  settings
	db        *postgres.Database
	queries   *queries.Queries
	passwords *password.Hasher
	keys      *keys.Set
	tokens    *tokens.Issuer
}

func main() { service.Run("auth", setup) }

func setup(ctx context.Context, environment service.Environment) (*service.Service, int, error) {
	var s settings
	if err := config.Read("auth", environment.Lookup, &s); err != nil {
		return nil, 0, err
	}
	// Passwords need additional threads: a goroutine that hashes keeps its thread for 10 ms before other
	// requests can use it, while the operating system switches between threads sooner.
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + s.PasswordConcurrency)
	set, err := keys.Load(keys.Source{
		Algorithm: s.Algorithm, Private: s.PrivateKey, Public: s.PublicKeys, Folder: s.KeysDir,
		TokenLife: seconds(s.AccessTokenTTLS),
	})
	if err != nil {
		return nil, 0, err
	}
	app := service.New("auth", s.Process, environment.Scenarios, os.Stdout)
	db, err := postgres.Connect(app, s.DatabaseURL, "auth", s.Database, environment.Scenarios["E5"])
	if err != nil {
		return nil, 0, err
	}
	a := &auth{
		settings:  s,
		db:        db,
		queries:   queries.New(db),
		passwords: password.NewHasher(s.PasswordConcurrency, s.PasswordQueueMax),
		keys:      set,
		tokens:    &tokens.Issuer{Key: set.Signing, Issuer: s.Issuer, Audience: s.Audience, Life: seconds(s.AccessTokenTTLS)},
	}
	app.Serve(contracts.Auth, a.handlers(), a.verifyBearer)
	app.Retain(s.Database, service.Deletion{Table: "refresh_tokens", Delete: a.deleteOldTokens})
	return app, s.Port, nil
}

func (a *auth) handlers() service.Handlers {
	return service.Handlers{
		"registerUser": a.registerUser,
		"loginUser":    a.loginUser,
		"refreshToken": a.refreshToken,
		"verifyToken":  a.verifyToken,
		"getMyProfile": a.getMyProfile,
		"getJwks":      a.getJwks,
	}
}
