package tokens

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
)

// Digest is what is kept of a refresh token.
func Digest(refreshToken string) []byte {
	digest := sha256.Sum256([]byte(refreshToken))
	return digest[:]
}

// Successor is the token that comes after this one: 32 bytes that follow from the token and the salt
// of its row, so that every process gives the same one, and from neither of the two alone.
//
// See https://www.rfc-editor.org/rfc/rfc5869
func Successor(refreshToken string, salt []byte) (string, error) {
	key, err := hkdf.Key(sha256.New, []byte(refreshToken), salt, "successor", 32)
	return base64.RawURLEncoding.EncodeToString(key), err
}
