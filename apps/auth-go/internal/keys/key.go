package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// JWK is a public key as the key set shows it, with the fields in the order of the contract.
type JWK struct {
	Type      string `json:"kty"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	Modulus   string `json:"n,omitempty"`
	Exponent  string `json:"e,omitempty"`
	Curve     string `json:"crv,omitempty"`
	X         string `json:"x,omitempty"`
	Y         string `json:"y,omitempty"`
}

// PublicKey verifies tokens.
type PublicKey struct {
	JWK JWK
	Key crypto.PublicKey
}

// SigningKey signs tokens.
type SigningKey struct {
	PublicKey
	Private crypto.Signer
}

// algorithms and the type of key that each has.
var algorithms = []string{"RS256", "ES256", "EdDSA"}

var types = map[string]string{"RS256": "rsa", "ES256": "ec", "EdDSA": "ed25519"}

// makePEM generates a private key for the algorithm, as PKCS#8.
func makePEM(algorithm string) ([]byte, error) {
	key, err := makeKey(algorithm)
	if err != nil {
		return nil, err
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), err
}

func makeKey(algorithm string) (crypto.Signer, error) {
	switch algorithm {
	case "RS256":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "ES256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

// signingKeyFrom reads a private key. Its id is the thumbprint of the public half.
func signingKeyFrom(text, algorithm string) (*SigningKey, error) {
	private, err := parsePrivate(text)
	if err != nil {
		return nil, problemOf(text, "PRIVATE KEY")
	}
	if algorithmOf(private.Public()) != algorithm {
		return nil, problem(fmt.Sprintf("The private key does not fit JWT_ALG=%s. Give one of type %s.", algorithm, types[algorithm]))
	}
	return &SigningKey{describe(private.Public(), algorithm), private}, nil
}

// publicKeyFrom reads a key that verifies tokens; its type determines the algorithm.
func publicKeyFrom(text string) (*PublicKey, error) {
	if strings.Contains(text, "PRIVATE KEY") {
		return nil, problem("It is a private key. Give its public half.")
	}
	public, err := parsePublic(text)
	if err != nil {
		return nil, problemOf(text, "PUBLIC KEY")
	}
	algorithm := algorithmOf(public)
	if algorithm == "" {
		return nil, problem("Give an RSA key of 2048 to 8192 bits, an EC key on P-256, or an Ed25519 key.")
	}
	key := describe(public, algorithm)
	return &key, nil
}

var errKey = errors.New("no such key")

// blockOf returns the first block that is not the parameters that "openssl ecparam" writes before a key.
func blockOf(text string) *pem.Block {
	found, rest := pem.Decode([]byte(text))
	for found != nil && found.Type == "EC PARAMETERS" {
		found, rest = pem.Decode(rest)
	}
	return found
}

func parsePrivate(text string) (crypto.Signer, error) {
	found := blockOf(text)
	if found == nil {
		return nil, errKey
	}
	var key any
	var err error
	switch found.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(found.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(found.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(found.Bytes)
	}
	signer, isSigner := key.(crypto.Signer)
	if err != nil || !isSigner {
		return nil, errKey
	}
	return signer, nil
}

// parsePublic also reads a certificate, as Node does.
func parsePublic(text string) (crypto.PublicKey, error) {
	found := blockOf(text)
	if found == nil {
		return nil, errKey
	}
	switch found.Type {
	case "CERTIFICATE":
		certificate, err := x509.ParseCertificate(found.Bytes)
		if err != nil {
			return nil, err
		}
		return certificate.PublicKey, nil
	case "PUBLIC KEY":
		return x509.ParsePKIXPublicKey(found.Bytes)
	case "RSA PUBLIC KEY":
		return x509.ParsePKCS1PublicKey(found.Bytes)
	}
	return nil, errKey
}

// algorithmOf returns the algorithm of a key; empty if there is none.
func algorithmOf(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits >= 2_048 && bits <= 8_192 {
			return "RS256"
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return "ES256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

func describe(public crypto.PublicKey, algorithm string) PublicKey {
	jwk := JWK{Use: "sig", Algorithm: algorithm}
	switch key := public.(type) {
	case *rsa.PublicKey:
		jwk.Type, jwk.Modulus, jwk.Exponent = "RSA", encode(key.N.Bytes()), encode(big.NewInt(int64(key.E)).Bytes())
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			panic(err) // The key was parsed or generated as a point of the curve.
		}
		jwk.Type, jwk.Curve, jwk.X, jwk.Y = "EC", "P-256", encode(point[1:33]), encode(point[33:])
	case ed25519.PublicKey:
		jwk.Type, jwk.Curve, jwk.X = "OKP", "Ed25519", encode(key)
	}
	jwk.ID = thumbprint(jwk)
	return PublicKey{jwk, public}
}

// thumbprint is over the required members in the order of their names.
//
// See https://www.rfc-editor.org/rfc/rfc7638
func thumbprint(jwk JWK) string {
	members := []string{}
	for _, each := range [][2]string{
		{"crv", jwk.Curve}, {"e", jwk.Exponent}, {"kty", jwk.Type}, {"n", jwk.Modulus}, {"x", jwk.X}, {"y", jwk.Y},
	} {
		if each[1] != "" {
			members = append(members, fmt.Sprintf("%q:%q", each[0], each[1]))
		}
	}
	digest := sha256.Sum256([]byte("{" + strings.Join(members, ",") + "}"))
	return encode(digest[:])
}

func encode(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }
