package product

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"flash-deal/apps/order-go/internal/order"
	pb "flash-deal/apps/order-go/internal/productpb"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
	"flash-deal/packages/go/telemetry"
)

// The methods of the service Reservations in product.proto.
const (
	createMethod  = "/flash_deal.product.v1.Reservations/CreateReservations"
	confirmMethod = "/flash_deal.product.v1.Reservations/ConfirmReservations"
	releaseMethod = "/flash_deal.product.v1.Reservations/ReleaseReservation"
)

// dialOptions: no retries; as with HTTP, a lost connection is restored within a second; keepalive
// detects a lost peer earlier than TCP.
var dialOptions = []grpc.DialOption{
	grpc.WithTransportCredentials(insecure.NewCredentials()),
	grpc.WithNoProxy(),
	grpc.WithDisableRetry(),
	grpc.WithIdleTimeout(0),
	grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(responseBytesMax)),
	grpc.WithConnectParams(grpc.ConnectParams{
		Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
		MinConnectTimeout: time.Second,
	}),
	grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 2 * time.Second}),
}

// GRPCOptions are the options of gRPC.
type GRPCOptions struct {
	// URLs are called in rotation.
	URLs        []string
	InternalKey string
}

// grpcCalls makes calls over gRPC, with one connection for each address of product.
type grpcCalls struct {
	options     GRPCOptions
	connections []*grpc.ClientConn
	next        atomic.Uint64
	reserves    *service.Bulkhead
	releases    *service.Bulkhead
	confirms    *service.Bulkhead
}

func newGRPCCalls(options GRPCOptions) (*grpcCalls, error) {
	c := &grpcCalls{options: options, reserves: newBulkhead(), releases: newBulkhead(), confirms: newBulkhead()}
	for _, address := range options.URLs {
		parsed, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		connection, err := grpc.NewClient("dns:///"+parsed.Host, dialOptions...)
		if err != nil {
			return nil, fmt.Errorf("the address %s of product for gRPC: %w", address, err)
		}
		c.connections = append(c.connections, connection)
	}
	return c, nil
}

func (c *grpcCalls) createReservations(ctx context.Context, reservations []Reservation) ([]Result, error) {
	message := &pb.ReservationRequests{}
	for _, each := range reservations {
		message.Reservations = append(message.Reservations, requestMessage(each))
	}
	var answer pb.ReservationResults
	if err := c.call(ctx, c.reserves, createMethod, message, &answer); err != nil {
		return nil, err
	}
	results := make([]Result, len(answer.GetResults()))
	for i, each := range answer.GetResults() {
		result, err := resultFrom(each)
		if err != nil {
			return nil, cannotAnswer(err, outcomeUnknown)
		}
		results[i] = result
	}
	return results, nil
}

func (c *grpcCalls) release(ctx context.Context, orderID uuid.UUID) error {
	return c.call(ctx, c.releases, releaseMethod, &pb.OrderId{OrderId: orderID.String()}, &pb.ReservationState{})
}

func (c *grpcCalls) confirm(ctx context.Context, orderIDs []uuid.UUID) error {
	message := &pb.OrderIds{}
	for _, id := range orderIDs {
		message.OrderIds = append(message.OrderIds, id.String())
	}
	return c.call(ctx, c.confirms, confirmMethod, message, &pb.ReservationStates{})
}

func (c *grpcCalls) call(ctx context.Context, places *service.Bulkhead, method string, message, answer proto.Message) (err error) {
	leave, err := enter(ctx, places)
	if err != nil {
		return err
	}
	defer leave()
	if remaining(ctx) < time.Millisecond {
		return apierror.Rejected(apierror.DeadlineExceeded, nil)
	}
	ctx, span := telemetry.StartClient(ctx, method[1:], attribute.String("rpc.system.name", "grpc"))
	defer func() { telemetry.End(span, err) }()
	connection := c.connections[c.next.Add(1)%uint64(len(c.connections))]
	err = connection.Invoke(metadata.NewOutgoingContext(ctx, c.metadata(ctx)), method, message, answer)
	if status.Code(err) == codes.DeadlineExceeded {
		return apierror.Because(apierror.DeadlineExceeded, err)
	}
	if err != nil {
		return failed(ctx, err)
	}
	return nil
}

func (c *grpcCalls) metadata(ctx context.Context) metadata.MD {
	pairs := metadata.Pairs("x-internal-key", c.options.InternalKey)
	for name, value := range traceOf(ctx) {
		pairs.Set(name, value)
	}
	return pairs
}

// ping returns nil if any of the addresses serves.
func (c *grpcCalls) ping(ctx context.Context) error {
	return anyOf(c.connections, func(connection *grpc.ClientConn) error { return pingOver(ctx, connection) })
}

func pingOver(ctx context.Context, connection *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(ctx, pingMax)
	defer cancel()
	answer, err := health.NewHealthClient(connection).Check(ctx, &health.HealthCheckRequest{})
	if err != nil {
		return err
	}
	if answer.GetStatus() != health.HealthCheckResponse_SERVING {
		return errors.New("product is " + strings.ToLower(answer.GetStatus().String()))
	}
	return nil
}

func (c *grpcCalls) close() {
	for _, each := range c.connections {
		each.Close() // Its only error is that it is already closed.
	}
}

func requestMessage(reservation Reservation) *pb.ReservationRequest {
	message := &pb.ReservationRequest{OrderId: reservation.OrderID.String(), UserId: reservation.UserID.String()}
	for _, line := range reservation.Lines {
		message.Lines = append(message.Lines, lineMessage(line))
	}
	return message
}

func lineMessage(line order.Line) *pb.RequestedLine {
	message := &pb.RequestedLine{ProductId: line.ProductID.String(), Quantity: line.Quantity}
	if line.DealID != nil {
		message.DealId = proto.String(line.DealID.String())
	}
	return message
}

func resultFrom(message *pb.ReservationResult) (result Result, err error) {
	result = Result{Outcome: message.GetOutcome(), Reason: message.GetReason(), Message: message.GetMessage()}
	if result.OrderID, err = uuid.Parse(message.GetOrderId()); err != nil {
		return result, errors.Join(errOtherShape, err)
	}
	if message.Details != nil {
		if err := result.Details.UnmarshalJSON([]byte(message.GetDetails())); err != nil {
			return result, errors.Join(errOtherShape, err)
		}
	}
	if result.Outcome == "granted" {
		if result.Lines, err = linesFrom(message.GetLines()); err != nil {
			return result, err
		}
	}
	return result, result.check()
}

func linesFrom(messages []*pb.GrantedLine) ([]GrantedLine, error) {
	lines := make([]GrantedLine, len(messages))
	for i, message := range messages {
		productID, err := uuid.Parse(message.GetProductId())
		if err != nil {
			return nil, errors.Join(errOtherShape, err)
		}
		lines[i] = GrantedLine{ProductID: productID, Quantity: message.GetQuantity(), ProductName: message.GetProductName(), UnitPrice: message.GetUnitPrice()}
		if message.DealId == nil {
			continue
		}
		dealID, err := uuid.Parse(message.GetDealId())
		if err != nil {
			return nil, errors.Join(errOtherShape, err)
		}
		lines[i].DealID = &dealID
	}
	return lines, nil
}
