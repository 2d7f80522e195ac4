package api

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"flash-deal/packages/go/service"
)

// retry is the time after which a client comes again: milliseconds.
const retry = "retry: 1000\n\n"

// eventID names one state of an order: the time of its last change.
const eventID = "2006-01-02T15:04:05.000Z"

// orderEvents sends the order as it is now and ends. This service accepts no order before it is
// confirmed; of one that order in Node left pending, the client asks again.
func (a *API) orderEvents(ctx context.Context, request *service.Request) (any, error) {
	own, err := a.readOwn(ctx, request)
	if err != nil {
		return nil, err
	}
	events := bytes.NewBufferString(retry)
	id := time.Time(own.UpdatedAt).UTC().Format(eventID)
	if last, _ := request.Headers.Text("last-event-id"); last == id {
		return service.Events(events.Bytes()), nil
	}
	events.WriteString("id: " + id + "\nevent: order\ndata: ")
	encoder := json.NewEncoder(events)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(own); err != nil {
		return nil, err
	}
	events.WriteString("\n")
	return service.Events(events.Bytes()), nil
}
