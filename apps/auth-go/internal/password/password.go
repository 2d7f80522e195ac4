// Package password hashes passwords with argon2id, as PHC strings with salt and cost.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"

	"flash-deal/packages/go/service"
)

// 19 MiB, two passes and one lane.
//
// See https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
const memoryKiB, passes, lanes, saltBytes, tagBytes = 19_456, 2, 1, 16, 32

// Hasher hashes a bounded number of passwords at a time: each takes 20 ms of a core and 19 MiB.
type Hasher struct {
	queue       *service.Bulkhead
	nobodysHash string
}

// NewHasher returns a hasher with a maximum number of concurrent and of waiting passwords.
func NewHasher(concurrency, queueMax int) *Hasher {
	return &Hasher{
		queue:       service.NewBulkhead(service.BulkheadOptions{Concurrency: concurrency, QueueMax: queueMax}),
		nobodysHash: hash("the password of a user that does not exist"),
	}
}

// Hash returns SERVICE_UNAVAILABLE if the queue is full or the deadline expires in the queue.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.queue.Enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return hash(password), nil
}

// Verify reports whether the password is the one that was hashed, with errors as for Hash. It takes
// equally long for a user without a hash, so that the duration reveals nothing.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (bool, error) {
	leave, err := h.queue.Enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if hash == "" {
		_, err := isPassword(password, h.nobodysHash)
		return false, err
	}
	return isPassword(password, hash)
}

const form = "$argon2id$v=19$m=%d,t=%d,p=%d$%s"

func hash(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // It never fails.
	tag := argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, tagBytes)
	return fmt.Sprintf(form+"$%s", memoryKiB, passes, lanes, encode(salt), encode(tag))
}

// isPassword hashes the password with the cost of the stored hash.
func isPassword(password, hash string) (bool, error) {
	var memory, time uint32
	var threads uint8
	var rest string
	if _, err := fmt.Sscanf(hash, form, &memory, &time, &threads, &rest); err != nil {
		return false, fmt.Errorf("a stored password hash has another form: %w", err)
	}
	salt, tag, err := decode(rest)
	if err != nil {
		return false, err
	}
	given := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(tag)))
	return subtle.ConstantTimeCompare(given, tag) == 1, nil
}

func encode(bytes []byte) string { return base64.RawStdEncoding.EncodeToString(bytes) }
