// Package tokens issues and verifies access tokens, and derives refresh tokens.
package tokens

import (
	"encoding/base64"
	"math"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"flash-deal/apps/auth-go/internal/keys"
	"flash-deal/packages/go/jsonvalue"
	"flash-deal/packages/go/service"
)

// Issuer issues access tokens.
type Issuer struct {
	Key              *keys.SigningKey
	Issuer, Audience string
	Life             time.Duration
}

// Issue signs a token for a user.
func (i *Issuer) Issue(userID string) (string, error) {
	now := time.Now()
	token := jwt.NewWithClaims(jwt.GetSigningMethod(i.Key.JWK.Algorithm), jwt.MapClaims{
		"sub": userID, "type": "access", "iss": i.Issuer, "aud": i.Audience,
		"iat": now.Unix(), "exp": now.Add(i.Life).Unix(),
	})
	token.Header["kid"] = i.Key.JWK.ID
	return token.SignedString(i.Key.Private)
}

// Rules determine which tokens are accepted.
type Rules struct {
	Issuer, Audience string
	// Key returns the accepted key with this id, or nil.
	Key func(id string) *keys.PublicKey
}

// A longer header is not parsed. Tokens of auth have about 700 characters.
const lengthMax = 4_096

var bearer = regexp.MustCompile(`^(?:[bB][eE][aA][rR][eE][rR]) ([\w-]+)\.([\w-]+)\.([\w-]+)$`)

// Verify returns the user of the token in an Authorization header, and whether it is accepted.
//
// It parses the token itself, because the gateway must return the same result: `jwk`, `jku` and `x5u`
// are never followed, no critical extension is supported, no clock skew is tolerated, and each part
// must have the encoding of RFC 7515.
func (r Rules) Verify(authorization string) (userID string, ok bool) {
	parts := bearer.FindStringSubmatch(authorization)
	if parts == nil || len(authorization) > lengthMax {
		return "", false
	}
	header, payload := object(parts[1]), object(parts[2])
	signature, err := strict.DecodeString(parts[3])
	if header == nil || payload == nil || err != nil {
		return "", false
	}
	key := r.keyOf(header)
	userID, isFit := r.userOf(payload)
	if key == nil || !isFit {
		return "", false
	}
	method := jwt.GetSigningMethod(key.JWK.Algorithm)
	return userID, method.Verify(parts[1]+"."+parts[2], signature, key.Key) == nil
}

// strict rejects surplus bits: decoders ignore them, so several encodings would be the same token.
var strict = base64.RawURLEncoding.Strict()

// object decodes a part of a token; nil if it is not an object.
func object(part string) *jsonvalue.Object {
	text, err := strict.DecodeString(part)
	if err != nil {
		return nil
	}
	value, err := jsonvalue.Parse(text)
	if err != nil {
		return nil
	}
	found, _ := value.(*jsonvalue.Object)
	return found
}

var typeOfToken = regexp.MustCompile(`(?i)^(application/)?jwt$`)

// A thumbprint has 43 characters.
const idLengthMax = 128

func (r Rules) keyOf(header *jsonvalue.Object) *keys.PublicKey {
	kind, _ := header.Values["typ"].(string)
	id, _ := header.Values["kid"].(string)
	_, isCritical := header.Get("crit")
	if !typeOfToken.MatchString(kind) || isCritical || len(id) > idLengthMax {
		return nil
	}
	key := r.Key(id)
	if key == nil || header.Values["alg"] != key.JWK.Algorithm {
		return nil
	}
	return key
}

func (r Rules) userOf(claims *jsonvalue.Object) (string, bool) {
	if claims.Values["type"] != "access" || claims.Values["iss"] != r.Issuer || !r.isFor(claims.Values["aud"]) {
		return "", false
	}
	userID, _ := claims.Values["sub"].(string)
	return userID, service.IsUUID(userID) && isCurrent(claims, float64(time.Now().UnixMilli()))
}

// isFor accepts one audience or a list of strings.
func (r Rules) isFor(audience any) bool {
	list, isList := audience.([]any)
	if !isList {
		return audience == r.Audience
	}
	isIn := false
	for _, each := range list {
		if _, isText := each.(string); !isText {
			return false
		}
		isIn = isIn || each == r.Audience
	}
	return isIn
}

// timeMax is the range of a JavaScript Date, in seconds.
const timeMax = 8.64e12

func isCurrent(claims *jsonvalue.Object, nowMs float64) bool {
	expiry, hasExpiry := timeOf(claims, "exp")
	_, hasIssued := timeOf(claims, "iat")
	begin, hasBegin := timeOf(claims, "nbf")
	if _, isThere := claims.Get("nbf"); !isThere {
		begin, hasBegin = 0, true
	}
	return hasExpiry && hasIssued && hasBegin && nowMs <= expiry*1_000 && nowMs >= begin*1_000
}

func timeOf(claims *jsonvalue.Object, name string) (float64, bool) {
	seconds, ok := claims.Values[name].(float64)
	return seconds, ok && math.Abs(seconds) <= timeMax
}
