package apierror

import (
	"encoding/json"
	"strings"
	"testing"

	"flash-deal/contracts"
)

// The contracts have an example of each error that is in both.
type document struct {
	Components struct {
		Examples map[Code]struct {
			Value struct{ Message string }
		}
		Schemas struct {
			ErrorCode struct{ Enum []Code }
		}
	}
}

func read(t *testing.T, text []byte) (d document) {
	t.Helper()
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheCatalogueHasTheCodesOfTheContracts(t *testing.T) {
	codes := read(t, contracts.Auth).Components.Schemas.ErrorCode.Enum
	for _, code := range codes {
		if !IsCode(code) {
			t.Errorf("%s is missing", code)
		}
	}
	if len(codes) != len(catalogue) {
		t.Errorf("%d codes in the contracts, %d in the catalogue", len(codes), len(catalogue))
	}
}

func TestTheMessagesAreThoseOfTheContracts(t *testing.T) {
	compared := 0
	for _, text := range [][]byte{contracts.Auth, contracts.Order} {
		for code, example := range read(t, text).Components.Examples {
			if !IsCode(code) {
				continue
			}
			compared++
			if got := New(code).Message; got != example.Value.Message {
				t.Errorf("%s: %q, in the contracts %q", code, got, example.Value.Message)
			}
		}
	}
	if compared < 15 {
		t.Errorf("only %d messages were compared", compared)
	}
}

func TestAnErrorIsSmallerThan8KB(t *testing.T) {
	details := Details{}
	for range 100 {
		details = append(details, Detail{strings.Repeat("é", 5_000), strings.Repeat("x", 5_000)})
	}
	body := New(ValidationError).WithDetails(details).Envelope("id")
	text, err := json.Marshal(body)
	if err != nil || len(text) >= 8_192 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if !strings.HasSuffix(body.Message, "There are more than these.") {
		t.Errorf("the message does not say that there are more: %s", body.Message)
	}
}
