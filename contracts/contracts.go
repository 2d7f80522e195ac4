// Package contracts holds the contracts of the services that exist in Go.
package contracts

import _ "embed"

// Auth is the contract of auth, OpenAPI 3.1 as JSON.
//
//go:embed gen/auth.json
var Auth []byte

// Order is the contract of order.
//
//go:embed gen/order.json
var Order []byte
