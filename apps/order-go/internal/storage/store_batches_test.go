package storage

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"flash-deal/packages/go/apierror"
)

func TestABatchThatWasRolledBackIsStoredOneByOne(t *testing.T) {
	for code, isUnknown := range map[string]bool{"40P01": false, "40001": false, "57P01": true, "08006": true} {
		err := apierror.Because(apierror.ServiceUnavailable, &pgconn.PgError{Code: code})
		if isOutcomeUnknown(err) != isUnknown {
			t.Errorf("%s: the outcome is unknown: %v, want %v", code, !isUnknown, isUnknown)
		}
	}
}
