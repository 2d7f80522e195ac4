package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"flash-deal/apps/auth-go/internal/keys"
	"flash-deal/apps/auth-go/internal/queries"
	"flash-deal/apps/auth-go/internal/tokens"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

type session struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
}

// session is the response of a log-in and of a refresh.
func (a *auth) session(request *service.Request, userID, refreshToken string) (any, error) {
	access, err := a.tokens.Issue(userID)
	if err != nil {
		return nil, err
	}
	request.Reply.Set("Cache-Control", "no-store")
	return session{access, refreshToken, "Bearer", a.settings.AccessTokenTTLS}, nil
}

// verifyBearer returns the same result for a token as the gateway with M6.
func (a *auth) verifyBearer(request *service.Request) (string, error) {
	given := request.Header.Values("Authorization")
	if len(given) == 0 {
		return "", apierror.New(apierror.Unauthorized)
	}
	rules := tokens.Rules{Issuer: a.settings.Issuer, Audience: a.settings.Audience, Key: a.keys.Accepted}
	userID, ok := rules.Verify(given[0])
	if !ok {
		return "", apierror.New(apierror.InvalidToken)
	}
	return userID, nil
}

type verification struct {
	Valid  bool   `json:"valid"`
	UserID string `json:"user_id"`
}

func (a *auth) verifyToken(_ context.Context, request *service.Request) (any, error) {
	return verification{true, request.UserID}, nil
}

type keySet struct {
	Keys []keys.JWK `json:"keys"`
}

func (a *auth) getJwks(_ context.Context, request *service.Request) (any, error) {
	// A new key is published for this time before it signs, so that every verifier has it by then.
	request.Reply.Set("Cache-Control", "public, max-age=300")
	return keySet{a.keys.Public()}, nil
}

type refresh struct {
	Token string `json:"refresh_token"`
}

func (a *auth) refreshToken(ctx context.Context, request *service.Request) (any, error) {
	body, err := contract.Decode[refresh](request.Body)
	if err != nil {
		return nil, err
	}
	next, err := postgres.Transaction(ctx, a.db.Pool, func(ctx context.Context, tx pgx.Tx) (*rotated, error) {
		return a.rotate(ctx, queries.New(tx), body.Token)
	})
	if err != nil {
		return nil, err
	}
	if next == nil {
		return nil, apierror.New(apierror.InvalidToken)
	}
	return a.session(request, next.userID, next.refreshToken)
}

// beginRefreshTokens stores a log-in and returns its first refresh token.
func (a *auth) beginRefreshTokens(ctx context.Context, userID string) (string, error) {
	family, token := service.NewID(), base64.RawURLEncoding.EncodeToString(randomBytes())
	return postgres.Transaction(ctx, a.db.Pool, func(ctx context.Context, tx pgx.Tx) (string, error) {
		q := queries.New(tx)
		if err := q.FamilyCreate(ctx, queries.FamilyCreateParams{ID: family, UserID: userID}); err != nil {
			return "", err
		}
		return token, a.storeToken(ctx, q, token, family)
	})
}

func (a *auth) storeToken(ctx context.Context, q *queries.Queries, token, family string) error {
	return q.TokenCreate(ctx, queries.TokenCreateParams{
		Digest: tokens.Digest(token), FamilyID: family, TtlS: int32(a.settings.RefreshTokenTTLS),
	})
}

type rotated struct{ userID, refreshToken string }

// rotate returns the successor of a valid refresh token, the same each time, or nil. A token that is
// used again after its grace period may be stolen, or its successor: the whole log-in ends.
//
// See https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
func (a *auth) rotate(ctx context.Context, q *queries.Queries, refreshToken string) (*rotated, error) {
	digest := tokens.Digest(refreshToken)
	token, err := q.TokenGetForUpdate(ctx, queries.TokenGetForUpdateParams{
		Digest: digest, GraceMs: int32(a.settings.RefreshGraceMs),
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case token.IsRevoked || token.IsExpired:
		return nil, nil
	case token.IsUsed && !token.IsGrace:
		return nil, q.FamilyRevoke(ctx, token.FamilyID)
	}
	salt, err := q.TokenUse(ctx, queries.TokenUseParams{Digest: digest, Salt: randomBytes()})
	if err != nil {
		return nil, err
	}
	successor, err := tokens.Successor(refreshToken, salt)
	if err != nil {
		return nil, err
	}
	return &rotated{token.UserID, successor}, a.storeToken(ctx, q, successor, token.FamilyID)
}

// deleteOldTokens deletes expired refresh tokens, and log-ins without other tokens. A used token is kept
// until it expires, because its second use must be detected.
func (a *auth) deleteOldTokens(ctx context.Context, size int) (int, error) {
	return postgres.Transaction(ctx, a.db.Pool, func(ctx context.Context, tx pgx.Tx) (int, error) {
		q := queries.New(tx)
		families, err := q.TokenDeleteExpired(ctx, queries.TokenDeleteExpiredParams{
			AgeMs: int64(a.settings.RefreshTokenRetentionMs), Size: int32(size),
		})
		if err != nil || len(families) == 0 {
			return 0, err
		}
		deleted := len(families)
		slices.Sort(families)
		families = slices.Compact(families)
		if err := q.FamilyLock(ctx, families); err != nil {
			return 0, err
		}
		_, err = q.FamilyDeleteEmpty(ctx, families)
		return deleted, err
	})
}

func randomBytes() []byte {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes) // It never fails.
	return bytes
}

func seconds(count int) time.Duration { return time.Duration(count) * time.Second }
