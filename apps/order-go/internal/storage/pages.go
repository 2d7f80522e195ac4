package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/service"
)

// ReadPage is E4: it reads a page of orders with their items and the total. The result is written as
// JSON. Page counts from 1.
type ReadPage func(ctx context.Context, db queries.DBTX, page queries.OrderPageParams) (any, error)

// ReadPageVariant returns a variant of E4.
func ReadPageVariant(variant string, witness service.Witness) ReadPage {
	switch variant {
	case "optimized":
		return asJSON(witness("json"))
	case "joined":
		return withTotal(inOneStatement(witness("joined")))
	case "batch":
		return withTotal(itemsTogether(witness("batch_query")))
	}
	return withTotal(itemsOfEach(witness("item_query")))
}

// asJSON sends one statement for the orders, their items and the total, which builds the JSON of the
// response.
func asJSON(count func()) ReadPage {
	return func(ctx context.Context, db queries.DBTX, page queries.OrderPageParams) (any, error) {
		count()
		body, err := queries.New(db).OrderPage(ctx, page)
		return json.RawMessage(body), err
	}
}

type orderPage struct {
	Items []order.Order `json:"items"`
	Total int64         `json:"total"`
	Page  int32         `json:"page"`
	Size  int32         `json:"size"`
}

// withTotal reads the orders and the total at the same time.
func withTotal(read ordersOf) ReadPage {
	return func(ctx context.Context, db queries.DBTX, page queries.OrderPageParams) (any, error) {
		answer := orderPage{Page: page.Page, Size: page.Size}
		var reading errgroup.Group
		reading.Go(func() (err error) {
			answer.Items, err = read(ctx, db, queries.OrderListParams{
				UserID: page.UserID, Status: page.Status, CreatedFrom: page.CreatedFrom, CreatedTo: page.CreatedTo,
				Size: page.Size, Skip: page.Skip,
			})
			return err
		})
		reading.Go(func() (err error) {
			answer.Total, err = queries.New(db).OrderCount(ctx, queries.OrderCountParams{
				UserID: page.UserID, Status: page.Status, CreatedFrom: page.CreatedFrom, CreatedTo: page.CreatedTo,
			})
			return err
		})
		return &answer, reading.Wait()
	}
}

// ordersOf reads the orders of a page with their items.
type ordersOf func(ctx context.Context, db queries.DBTX, page queries.OrderListParams) ([]order.Order, error)

// itemsOfEach sends one statement for the orders, and one for the items of each order. They run
// sequentially, because a page that sends all at once fills the queue for connections.
func itemsOfEach(count func()) ordersOf {
	return func(ctx context.Context, db queries.DBTX, page queries.OrderListParams) ([]order.Order, error) {
		q := queries.New(db)
		rows, err := q.OrderList(ctx, page)
		if err != nil {
			return nil, err
		}
		orders := make([]order.Order, len(rows))
		for i, row := range rows {
			count()
			items, err := itemsOf(ctx, q, row.ID)
			if err != nil {
				return nil, err
			}
			orders[i] = order.From(queries.OrderGetRow(row), items)
		}
		return orders, nil
	}
}

// itemsTogether sends one statement for the orders, and one for the items of all of them.
func itemsTogether(count func()) ordersOf {
	return func(ctx context.Context, db queries.DBTX, page queries.OrderListParams) ([]order.Order, error) {
		q := queries.New(db)
		rows, err := q.OrderList(ctx, page)
		if err != nil || len(rows) == 0 {
			return []order.Order{}, err
		}
		count()
		items, err := itemsOfAll(ctx, q, rows)
		if err != nil {
			return nil, err
		}
		orders := make([]order.Order, len(rows))
		for i, row := range rows {
			orders[i] = order.From(queries.OrderGetRow(row), items[row.ID])
		}
		return orders, nil
	}
}

func itemsOfAll(ctx context.Context, q *queries.Queries, orders []queries.OrderListRow) (map[uuid.UUID][]order.Item, error) {
	items := make(map[uuid.UUID][]order.Item, len(orders))
	ids := make([]uuid.UUID, len(orders))
	for i, row := range orders {
		ids[i] = row.ID
		items[row.ID] = []order.Item{}
	}
	rows, err := q.ItemListEach(ctx, ids)
	for _, row := range rows {
		item := queries.ItemListRow{
			ID:          row.ID,
			ProductID:   row.ProductID,
			DealID:      row.DealID,
			ProductName: row.ProductName,
			Quantity:    row.Quantity,
			UnitPrice:   row.UnitPrice,
		}
		items[row.OrderID] = append(items[row.OrderID], itemFrom(item))
	}
	return items, err
}

// inOneStatement sends one statement for the orders and their items.
func inOneStatement(count func()) ordersOf {
	return func(ctx context.Context, db queries.DBTX, page queries.OrderListParams) ([]order.Order, error) {
		count()
		rows, err := queries.New(db).OrderListWithItems(ctx, queries.OrderListWithItemsParams(page))
		if err != nil {
			return nil, err
		}
		orders := make([]order.Order, len(rows))
		for i, row := range rows {
			if orders[i], err = withItems(row); err != nil {
				return nil, err
			}
		}
		return orders, nil
	}
}

func withItems(row queries.OrderListWithItemsRow) (order.Order, error) {
	var items []order.Item
	if err := json.Unmarshal(row.Items, &items); err != nil {
		return order.Order{}, fmt.Errorf("reading the items of order %s: %w", row.ID, err)
	}
	for i, item := range items {
		items[i] = item.WithSubtotal()
	}
	return order.From(queries.OrderGetRow{
		ID:              row.ID,
		UserID:          row.UserID,
		TotalAmount:     row.TotalAmount,
		Status:          row.Status,
		ShippingAddress: row.ShippingAddress,
		CancelledAt:     row.CancelledAt,
		CancelReason:    row.CancelReason,
		RejectReason:    row.RejectReason,
		CreatedAt:       row.CreatedAt,
		UpdatedAt:       row.UpdatedAt,
	}, items), nil
}
