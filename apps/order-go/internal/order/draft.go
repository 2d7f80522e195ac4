package order

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// Line is one line of an order request.
type Line struct {
	ProductID uuid.UUID  `json:"product_id"`
	DealID    *uuid.UUID `json:"deal_id"`
	Quantity  int32      `json:"quantity"`
}

// Address is the shipping address of an order.
type Address struct {
	RecipientName string  `json:"recipient_name"`
	Phone         string  `json:"phone"`
	Address       string  `json:"address"`
	AddressDetail *string `json:"address_detail"`
	PostalCode    string  `json:"postal_code"`
}

// Draft is a normalized order request: ids in lower case, every optional field present.
type Draft struct {
	Lines           []Line   `json:"lines"`
	ShippingAddress *Address `json:"shippingAddress"`
}

// New is the body of createOrder.
type New struct {
	Items           []Line   `json:"items"`
	ShippingAddress *Address `json:"shipping_address"`
}

// Draft normalizes a validated body.
func (n New) Draft() Draft { return Draft{Lines: n.Items, ShippingAddress: n.ShippingAddress} }

// Digest compares two requests with one Idempotency-Key. The service in Node computes the same digest,
// so that each service accepts keys that the other has stored.
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
