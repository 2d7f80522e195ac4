package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
)

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pemOf(kind string, bytes []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
}

func TestACertificateIsReadAsItsPublicKey(t *testing.T) {
	key := newKey(t)
	template := x509.Certificate{SerialNumber: big.NewInt(1)}
	bytes, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	read, err := publicKeyFrom(pemOf("CERTIFICATE", bytes))
	if err != nil {
		t.Fatal(err)
	}
	if want := describe(key.Public(), "ES256"); read.JWK != want.JWK {
		t.Errorf("read %v, want %v", read.JWK, want.JWK)
	}
}

func TestTheParametersBeforeAnECKeyAreSkipped(t *testing.T) {
	key := newKey(t)
	bytes, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	// The object identifier of P-256.
	parameters := pemOf("EC PARAMETERS", []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7})
	read, err := signingKeyFrom(parameters+pemOf("EC PRIVATE KEY", bytes), "ES256")
	if err != nil || !key.Equal(read.Private) {
		t.Errorf("the key was not read: %v", err)
	}
}
