package order

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// Line is what a client asks for in one line of an order.
type Line struct {
	ProductID uuid.UUID  `json:"product_id"`
	DealID    *uuid.UUID `json:"deal_id"`
	Quantity  int32      `json:"quantity"`
}

// Address is where an order is sent.
type Address struct {
	RecipientName string  `json:"recipient_name"`
	Phone         string  `json:"phone"`
	Address       string  `json:"address"`
	AddressDetail *string `json:"address_detail"`
	PostalCode    string  `json:"postal_code"`
}

// Draft is an order request in one form: ids in lower case, every optional field present.
type Draft struct {
	Lines           []Line   `json:"lines"`
	ShippingAddress *Address `json:"shippingAddress"`
}

// New is the body of createOrder.
type New struct {
	Items           []Line   `json:"items"`
	ShippingAddress *Address `json:"shipping_address"`
}

// Draft brings a body that the contract has accepted into its one form.
func (n New) Draft() Draft { return Draft{Lines: n.Items, ShippingAddress: n.ShippingAddress} }

// Digest compares two requests under one Idempotency-Key. The service in Node computes the same, so
// that a key that one has stored is known to the other.
func (d Draft) Digest() []byte {
	digest := sha256.Sum256(Text(d))
	return digest[:]
}

// StoredAddress is the address as JSON, or nil.
func (d Draft) StoredAddress() []byte {
	if d.ShippingAddress == nil {
		return nil
	}
	return Text(d.ShippingAddress)
}
