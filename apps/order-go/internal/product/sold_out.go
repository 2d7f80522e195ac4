package product

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
)

// soldOut is M7 in order: it rejects an order of one line on a deal for which product rejected the
// same line within the last 100 ms, without a call. An order under an Idempotency-Key is always sent
// to product: its id may already have a reservation.
type soldOut struct {
	Client
	refusals recentRefusals
	// known and passed count the orders that are rejected here, and those that are sent.
	known, passed func()
}

func withSoldOut(client Client, witness service.Witness) *soldOut {
	return &soldOut{
		Client:   client,
		refusals: newRecentRefusals(time.Now),
		known:    witness("sold_out_known"),
		passed:   witness("passed"),
	}
}

// Reserve returns a recent refusal, or calls Client.Reserve.
func (s *soldOut) Reserve(ctx context.Context, reservation Reservation) ([]GrantedLine, error) {
	line := dealLineOf(reservation)
	if line == "" {
		s.passed()
		return s.Client.Reserve(ctx, reservation)
	}
	if refusal := s.refusals.of(line); refusal != nil {
		s.known()
		return nil, refusal
	}
	s.passed()
	learn := s.refusals.asking(line)
	lines, err := s.Client.Reserve(ctx, reservation)
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.reason.Code == apierror.InsufficientStock {
		learn(refusal)
	}
	return lines, err
}

// Release calls Client.Release. The deal is unknown here, so all refusals are removed.
func (s *soldOut) Release(ctx context.Context, orderID uuid.UUID) error {
	if err := s.Client.Release(ctx, orderID); err != nil {
		return err
	}
	s.refusals.forgetAll()
	return nil
}

// dealLineOf returns the only line of an order without a key, if it is for a deal; otherwise empty.
// Equal lines get the same result.
func dealLineOf(reservation Reservation) string {
	if reservation.HasKey || len(reservation.Lines) > 1 || reservation.Lines[0].DealID == nil {
		return ""
	}
	line := reservation.Lines[0]
	return fmt.Sprint(line.DealID, line.ProductID, line.Quantity)
}

const (
	// refusalValid is the maximum age of a repeated refusal since the call to product.
	refusalValid = 100 * time.Millisecond
	// refusalRecheck is the age from which one request calls product again, so that a refusal does not
	// expire while it holds.
	refusalRecheck = 40 * time.Millisecond
	// refusalsMax is the maximum number of stored lines.
	refusalsMax = 1_000
)

type recentRefusal struct {
	refusal      *Refusal
	askedAt      time.Time
	isAskedAgain bool
}

// recentRefusals has the recent refusals of product, by line. There is no timer: they are refreshed
// while requests arrive.
type recentRefusals struct {
	now         func() time.Time
	mutex       sync.Mutex
	recent      map[string]*recentRefusal
	forgottenAt time.Time
}

func newRecentRefusals(now func() time.Time) recentRefusals {
	return recentRefusals{now: now, recent: map[string]*recentRefusal{}}
}

// of returns the refusal of a line; nil if product has to be called.
func (r *recentRefusals) of(line string) *Refusal {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	recent := r.recent[line]
	if recent == nil {
		return nil
	}
	age := r.now().Sub(recent.askedAt)
	if age >= refusalValid || (age >= refusalRecheck && !recent.isAskedAgain) {
		return nil
	}
	return recent.refusal
}

// asking is called before product is called. The returned function stores the refusal.
func (r *recentRefusals) asking(line string) (learn func(*Refusal)) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	askedAt := r.now()
	if recent := r.recent[line]; recent != nil {
		recent.isAskedAgain = true
	}
	return func(refusal *Refusal) { r.learn(line, recentRefusal{refusal: refusal, askedAt: askedAt}) }
}

func (r *recentRefusals) learn(line string, recent recentRefusal) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	// Units may have been released after the call.
	if !recent.askedAt.After(r.forgottenAt) {
		return
	}
	if len(r.recent) >= refusalsMax {
		clear(r.recent)
	}
	r.recent[line] = &recent
}

// forgetAll is called after units were released.
func (r *recentRefusals) forgetAll() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.forgottenAt = r.now()
	clear(r.recent)
}
