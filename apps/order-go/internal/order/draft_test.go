package order

import (
	"encoding/hex"
	"testing"

	"github.com/google/uuid"
)

const awkward = "a<b>&\"\\u2028 \u2028\u2029\\ \b\f\n\t\u007f\u0001 / é 😀"

var (
	productID = uuid.MustParse("0B7F6F0E-3c59-4f52-9a42-6c1d2f8e5a10")
	dealID    = uuid.MustParse("7d0c2a54-8f1e-4b7b-b1b5-3f0a9c6d2e71")
)

// The digests were computed by digestOf of apps/order, which stores them in the same table.
func TestTheDigestIsThatOfTheServiceInNode(t *testing.T) {
	address := &Address{RecipientName: awkward, Phone: "010-1234-5678", Address: "x", PostalCode: "04524"}
	lines := []Line{{ProductID: productID, Quantity: 2}, {ProductID: productID, DealID: &dealID, Quantity: 1}}
	for want, draft := range map[string]Draft{
		"924c5ecd242a3875e30ae61b86697a2d71657957b0a0c5c5a54089347401282a": New{lines, address}.Draft(),
		"fe4caf0a28adad890afdca1119f04b0a4b8ced453b4e6ad9550ae1fb8b062fa7": New{lines[:1], nil}.Draft(),
	} {
		if got := hex.EncodeToString(draft.Digest()); got != want {
			t.Errorf("the digest of %s is %s, want %s", Text(draft), got, want)
		}
	}
}

func TestAStateIsEnteredFromTheStatesBeforeIt(t *testing.T) {
	if before := StatesBefore("cancelled"); len(before) != 1 || before[0] != "confirmed" {
		t.Errorf("cancelled is entered from %v", before)
	}
	for state, want := range map[Status]string{
		"pending": "pending", "confirmed": "confirmed", "shipped": "confirmed", "delivered": "confirmed",
		"cancelled": "void", "rejected": "void", "void": "void", "": "void",
	} {
		if got := OutcomeOf(state); got != want {
			t.Errorf("the outcome of %q is %s, want %s", state, got, want)
		}
	}
}
