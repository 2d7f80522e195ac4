package storage

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/batch"
	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

// ordersMax is the maximum number of orders in a batch.
const ordersMax = 200

// ordersQueue is the queue of all orders, because no two of them need the same row.
const ordersQueue = "orders"

// BatchLimits are the maximum number of waiting orders, and the maximum time to wait and be stored.
type BatchLimits struct {
	QueueMax int
	Timeout  time.Duration
}

type entry = batch.Entry[newOrder, []byte]

// StoreTogether is M8 optimized, a single writer: one statement stores all waiting orders. Their
// responses are sent after its commit. The second result waits for the last batch.
func StoreTogether(db *postgres.Pool, limits BatchLimits, witness service.Witness, observe func(items int)) (Store, func()) {
	writer := writer{db, witness("batch"), witness("batched"), observe}
	batches := batch.New(batch.Options[newOrder, []byte]{
		Work:     func(_ string, entries []*entry) { writer.work(entries) },
		SizeMax:  ordersMax,
		QueueMax: limits.QueueMax,
		Timeout:  limits.Timeout,
	})
	store := func(ctx context.Context, attempt Attempt, lines []product.GrantedLine) ([]byte, error) {
		return batches.Add(ctx, ordersQueue, newOrderFrom(ctx, attempt, lines))
	}
	return store, batches.Close
}

type writer struct {
	db *postgres.Pool
	// countBatch and countOrder count stored batches and orders.
	countBatch, countOrder func()
	observe                func(items int)
}

func (w writer) work(entries []*entry) {
	w.observe(len(entries))
	w.countBatch()
	for range entries {
		w.countOrder()
	}
	answers, err := w.storeAtOnce(entries)
	switch {
	case err == nil:
		settle(entries, answers)
	case isOutcomeUnknown(err):
		for _, each := range entries {
			each.Settle(nil, err)
		}
	default:
		// One of the orders may be the reason, and nothing of the batch is stored: store them one by one.
		for _, each := range entries {
			go func() { each.Settle(storeOne(each.Item.ctx, w.db, each.Item)) }()
		}
	}
}

func settle(entries []*entry, answers map[*entry][]byte) {
	for _, each := range entries {
		if answer, isStored := answers[each]; isStored {
			each.Settle(answer, nil)
			continue
		}
		each.Settle(nil, each.Item.settledAlready())
	}
}

func isOutcomeUnknown(err error) bool {
	if postgres.IsRolledBack(err) {
		return false
	}
	return apierror.Is(err, apierror.ServiceUnavailable) || apierror.Is(err, apierror.DeadlineExceeded)
}

// storeAtOnce stores all orders with one statement, which is its own transaction. It returns the
// response of each stored order; none if the id is already an order or void, or is that of an earlier
// order in the batch.
func (w writer) storeAtOnce(entries []*entry) (map[*entry][]byte, error) {
	first, byID := firstOfEach(entries)
	arguments, answers := arguments(first)
	ctx, cancel := context.WithDeadline(context.WithoutCancel(entries[0].Item.ctx), batch.Latest(entries))
	defer cancel()
	rows, err := queries.New(w.db).OrderStore(ctx, arguments)
	if err != nil {
		return nil, err
	}
	stored := make(map[*entry][]byte, len(rows))
	for _, row := range rows {
		each := byID[row.ID]
		stored[each] = []byte(strings.ReplaceAll(answers[row.ID], arguments.Placeholder, row.CreatedAt))
	}
	return stored, nil
}

// firstOfEach drops the second of two attempts under one id.
func firstOfEach(entries []*entry) (first []newOrder, byID map[uuid.UUID]*entry) {
	byID = make(map[uuid.UUID]*entry, len(entries))
	for _, each := range entries {
		if byID[each.Item.OrderID] != nil {
			continue
		}
		byID[each.Item.OrderID] = each
		first = append(first, each.Item)
	}
	return first, byID
}

func arguments(orders []newOrder) (queries.OrderStoreParams, map[uuid.UUID]string) {
	items := itemColumns(orders)
	all := queries.OrderStoreParams{
		ItemOrderIds: items.OrderIds, LineNos: items.LineNos, ItemIds: items.Ids,
		ProductIds: items.ProductIds, DealIds: items.DealIds, ProductNames: items.ProductNames,
		Quantities: items.Quantities, UnitPrices: items.UnitPrices, Placeholder: placeholderText,
	}
	answers := make(map[uuid.UUID]string, len(orders))
	for _, o := range orders {
		answer := string(o.answer(queries.OrderCreateRow{CreatedAt: placeholder, UpdatedAt: placeholder}))
		answers[o.OrderID] = answer
		all.Ids = append(all.Ids, o.OrderID)
		all.UserIds = append(all.UserIds, o.UserID)
		all.TotalAmounts = append(all.TotalAmounts, o.total)
		all.ShippingAddresses = append(all.ShippingAddresses, string(o.Draft.StoredAddress()))
		all.Keys = append(all.Keys, o.Key)
		all.Answers = append(all.Answers, answer)
		all.Traceparents = append(all.Traceparents, traceparentOf(o))
	}
	return all, answers
}

// traceparentOf is empty for an order whose span is not recorded.
func traceparentOf(o newOrder) string {
	if stored := service.StoredTraceparent(o.ctx); stored != nil {
		return *stored
	}
	return ""
}

// placeholder is the creation time in a response that is serialized before the order is stored.
// PostgreSQL replaces it, so that a response needs no second statement. Clients never see it, so they
// cannot send it. Its year, from 1000 to 1999, has four digits, like the current one.
var (
	placeholder     = time.UnixMilli(firstYear + rand.Int64N(lastYear-firstYear))
	placeholderText = strings.Trim(string(order.Text(contract.Time(placeholder))), `"`)
)

var (
	firstYear = time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	lastYear  = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)
