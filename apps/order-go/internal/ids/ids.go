// Package ids is E1: it generates the ids of new orders.
package ids

import (
	"github.com/google/uuid"

	"flash-deal/packages/go/service"
)

// New generates an id.
type New func() uuid.UUID

// Of returns a variant of E1.
func Of(variant string, witness service.Witness) New {
	if variant == "optimized" {
		return growing(witness("version_7"))
	}
	return random(witness("version_4"))
}

// random generates UUIDs of version 4.
func random(count func()) New {
	return func() uuid.UUID {
		count()
		return uuid.New()
	}
}

// growing generates UUIDs of version 7, which start with the time in milliseconds, so that each id is
// greater than the previous ones. Like uuid.New it panics if the system has no random numbers.
func growing(count func()) New {
	return func() uuid.UUID {
		count()
		return uuid.Must(uuid.NewV7())
	}
}
