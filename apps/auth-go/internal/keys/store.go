package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"flash-deal/packages/go/config"
	"flash-deal/packages/go/service"
)

// Source has the settings of the keys.
type Source struct {
	Algorithm string
	// Private is JWT_PRIVATE_KEY; if it is empty, a key is generated at the first start.
	Private string
	// Public is JWT_PUBLIC_KEYS: other keys whose tokens are accepted.
	Public string
	// Folder has the keys that auth has generated.
	Folder    string
	TokenLife time.Duration
}

// Set has all keys whose tokens are accepted: the signing key, those of JWT_PUBLIC_KEYS, and retired
// keys that auth has generated, for the lifetime of a token.
type Set struct {
	Signing *SigningKey
	others  []accepted
}

// accepted is a key that is valid until a time; without a limit if the time is zero.
type accepted struct {
	PublicKey
	until time.Time
}

func (a accepted) isNow() bool { return a.until.IsZero() || a.until.After(time.Now()) }

// Load reads the keys, and generates the signing key at the first start. It returns a *config.Error if
// a key cannot be read or occurs twice. The error never contains the key.
func Load(source Source) (*Set, error) {
	signing, err := loadSigning(source)
	if err != nil {
		return nil, err
	}
	set := &Set{Signing: signing}
	if set.others, err = givenKeys(source.Public, signing); err != nil {
		return nil, err
	}
	for _, algorithm := range algorithms {
		retired, err := retiredKey(source, signing, algorithm)
		if err != nil {
			return nil, err
		}
		if retired != nil && set.Accepted(retired.JWK.ID) == nil {
			set.others = append(set.others, *retired)
		}
	}
	return set, nil
}

// Public returns the accepted keys, with the signing key first.
func (s *Set) Public() []JWK {
	public := []JWK{s.Signing.JWK}
	for _, each := range s.others {
		if each.isNow() {
			public = append(public, each.JWK)
		}
	}
	return public
}

// Accepted returns the accepted key with this id, or nil.
func (s *Set) Accepted(id string) *PublicKey {
	if id == s.Signing.JWK.ID {
		return &s.Signing.PublicKey
	}
	for i := range s.others {
		if each := &s.others[i]; each.JWK.ID == id && each.isNow() {
			return &each.PublicKey
		}
	}
	return nil
}

func loadSigning(source Source) (*SigningKey, error) {
	if source.Private != "" {
		key, err := signingKeyFrom(pemFrom(source.Private), source.Algorithm)
		return key, unusable("JWT_PRIVATE_KEY", err)
	}
	if _, err := os.Stat(keptFile(source.Folder, source.Algorithm)); errors.Is(err, fs.ErrNotExist) {
		if err := keepNew(source.Folder, source.Algorithm); err != nil {
			return nil, err
		}
	}
	return kept(source.Folder, source.Algorithm)
}

func keptFile(folder, algorithm string) string {
	return filepath.Join(folder, strings.ToLower(algorithm)+".pem")
}

func kept(folder, algorithm string) (*SigningKey, error) {
	text, err := os.ReadFile(keptFile(folder, algorithm))
	if err != nil {
		return nil, err
	}
	key, err := signingKeyFrom(string(text), algorithm)
	return key, unusable("the file for "+algorithm+" in KEYS_DIR", err)
}

func unusable(from string, err error) error {
	if err == nil {
		return nil
	}
	return &config.Error{Problems: []string{fmt.Sprintf("%s cannot be used: %s", from, err)}}
}

// keepNew links a new key into place: no process reads a partial key, and of several concurrent
// starts one key is kept.
func keepNew(folder, algorithm string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	text, err := makePEM(algorithm)
	if err != nil {
		return err
	}
	file := keptFile(folder, algorithm)
	draft := file + "." + service.NewID()
	if err := os.WriteFile(draft, text, 0o600); err != nil {
		return err
	}
	defer os.Remove(draft)
	if err := os.Link(draft, file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Enough for consecutive rotations; each key makes the key set longer.
const givenMax = 16

func givenKeys(given string, signing *SigningKey) (keys []accepted, err error) {
	pems := pemsFrom(given)
	if len(pems) > givenMax {
		return nil, &config.Error{Problems: []string{
			fmt.Sprintf("JWT_PUBLIC_KEYS names %d keys. Name %d at most.", len(pems), givenMax),
		}}
	}
	for i, text := range pems {
		key, err := publicKeyFrom(text)
		if err != nil {
			return nil, unusable(nameOf(i), err)
		}
		keys = append(keys, accepted{PublicKey: *key})
	}
	if problems := repeated(keys, signing); len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	return keys, nil
}

func nameOf(index int) string { return fmt.Sprintf("JWT_PUBLIC_KEYS, key %d,", index+1) }

func repeated(keys []accepted, signing *SigningKey) (problems []string) {
	first := map[string]int{}
	for i, key := range keys {
		earlier, isRepeated := first[key.JWK.ID]
		switch {
		case key.JWK.ID == signing.JWK.ID:
			problems = append(problems, nameOf(i)+" belongs to the key that signs. Take it out: its tokens are accepted anyway.")
		case isRepeated:
			problems = append(problems, fmt.Sprintf("%s is the same as key %d. Name each key once.", nameOf(i), earlier+1))
		default:
			first[key.JWK.ID] = i
		}
	}
	return problems
}

// retiredKey is a key that auth has generated and no longer signs with, while its tokens may still be
// valid.
func retiredKey(source Source, signing *SigningKey, algorithm string) (*accepted, error) {
	if _, err := os.Stat(keptFile(source.Folder, algorithm)); err != nil {
		return nil, nil
	}
	key, err := kept(source.Folder, algorithm)
	if err != nil {
		return nil, err
	}
	note := filepath.Join(source.Folder, strings.ToLower(algorithm)+".retired")
	if key.JWK.ID == signing.JWK.ID {
		if err := os.Remove(note); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, nil
	}
	retired, err := retiredAt(note)
	if err != nil {
		return nil, err
	}
	found := &accepted{key.PublicKey, retired.Add(source.TokenLife)}
	if !found.isNow() {
		return nil, nil
	}
	return found, nil
}

// retiredAt is the time of the first start with another key. It is stored next to the key for later
// starts.
func retiredAt(note string) (time.Time, error) {
	if text, err := os.ReadFile(note); err == nil {
		if noted, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text))); err == nil {
			return noted, nil
		}
	}
	now := time.Now().UTC()
	return now, os.WriteFile(note, []byte(now.Format("2006-01-02T15:04:05.000Z")+"\n"), 0o600)
}
