package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"flash-deal/apps/auth-go/internal/queries"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/service"
)

type user struct {
	ID        string        `json:"id"`
	Email     string        `json:"email"`
	Name      string        `json:"name"`
	CreatedAt contract.Time `json:"created_at"`
}

type registration struct{ Email, Password, Name string }

func (a *auth) registerUser(ctx context.Context, request *service.Request) (any, error) {
	body, err := contract.Decode[registration](request.Body)
	if err != nil {
		return nil, err
	}
	if err := checkLength(body.Password); err != nil {
		return nil, err
	}
	hash, err := a.passwords.Hash(ctx, body.Password)
	if err != nil {
		return nil, err
	}
	created, err := a.queries.UserCreate(ctx, queries.UserCreateParams{
		ID: service.NewID(), Email: body.Email, PasswordHash: hash, Name: body.Name,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, apierror.New(apierror.EmailExists)
	}
	return user{created.ID, created.Email, created.Name, contract.Time(created.CreatedAt)}, err
}

type credentials struct{ Email, Password string }

func (a *auth) loginUser(ctx context.Context, request *service.Request) (any, error) {
	body, err := contract.Decode[credentials](request.Body)
	if err != nil {
		return nil, err
	}
	if err := checkLength(body.Password); err != nil {
		return nil, err
	}
	found, err := a.queries.UserGetCredentials(ctx, body.Email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	// An unknown user has an empty hash, and takes equally long.
	isValid, err := a.passwords.Verify(ctx, body.Password, found.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !isValid {
		return nil, apierror.New(apierror.InvalidCredentials)
	}
	token, err := a.beginRefreshTokens(ctx, found.ID)
	if err != nil {
		return nil, err
	}
	return a.session(request, found.ID, token)
}

func (a *auth) getMyProfile(ctx context.Context, request *service.Request) (any, error) {
	found, err := a.queries.UserGet(ctx, request.UserID)
	if errors.Is(err, pgx.ErrNoRows) {
		// A valid token for a user that is not in this database.
		return nil, apierror.New(apierror.InvalidToken)
	}
	return user{found.ID, found.Email, found.Name, contract.Time(found.CreatedAt)}, err
}

const passwordBytesMax = 1024

// checkLength counts bytes; the contract counts characters.
func checkLength(password string) error {
	if len(password) <= passwordBytesMax {
		return nil
	}
	return apierror.New(apierror.ValidationError).WithDetails(apierror.Details{
		{Field: "password", Value: "must NOT have more than 1024 bytes"},
	})
}
