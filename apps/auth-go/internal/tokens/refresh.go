package tokens

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
)

// Digest returns the stored digest of a refresh token.
func Digest(refreshToken string) []byte {
	digest := sha256.Sum256([]byte(refreshToken))
	return digest[:]
}

// Successor returns the next token: 32 bytes derived from the token and the salt of its row, so that
// every process returns the same one. Neither of the two is enough to derive it.
//
// See https://www.rfc-editor.org/rfc/rfc5869
func Successor(refreshToken string, salt []byte) (string, error) {
	key, err := hkdf.Key(sha256.New, []byte(refreshToken), salt, "successor", 32)
	return base64.RawURLEncoding.EncodeToString(key), err
}
