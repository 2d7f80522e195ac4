package api

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"flash-deal/packages/go/service"
)

// retry is the time until a client reconnects, in milliseconds.
const retry = "retry: 1000\n\n"

// eventID returns the event id of a state of an order: the time of its last change.
const eventID = "2006-01-02T15:04:05.000Z"

// orderEvents sends the current order and ends. This service confirms every order before it responds;
// for an order that the service in Node has left pending, the client reconnects.
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
