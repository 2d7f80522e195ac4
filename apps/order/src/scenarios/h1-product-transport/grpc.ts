import { documents, type ProductOperations } from '@flash-deal/contracts'
import { reservationsService } from '@flash-deal/contracts/grpc'
import { responseValidatorOf } from '@flash-deal/service'
import { isTracing } from '@flash-deal/telemetry'
import { tracedCall } from './grpc/call-spans.ts'
import { GrpcChannel, unavailable } from './grpc/channel.ts'
import { requestMessage, resultFrom } from './grpc/messages.ts'
import { oneByOne } from './one-by-one.ts'
import type {
  ProductCalls,
  ProductTransport,
  ProductTransportOptions,
  ReservationResult,
} from './seam.ts'

/** gRPC, a call for each reservation. */
export const overGrpc = (options: ProductTransportOptions): ProductTransport =>
  oneByOne(grpcCalls(options), options.app.witness('H1', 'grpc_call'))

const isResponse = responseValidatorOf(documents.product, 'createReservations')

const grpcCalls = ({ settings }: ProductTransportOptions): ProductCalls => {
  const channel = new GrpcChannel({
    urls: settings.PRODUCT_GRPC_URLS,
    internalKey: settings.INTERNAL_KEY,
  })
  const call = isTracing() ? tracedCall(channel.call) : channel.call
  const { CreateReservations, ReleaseReservation, ConfirmReservations } = reservationsService
  return {
    async createReservations(all, context) {
      const message = { reservations: all.map(requestMessage) }
      const { results } = await call(CreateReservations, message, context)
      return resultsFrom({ results: results.map(resultFrom) })
    },

    async release(order_id, context) {
      await call(ReleaseReservation, { order_id }, context)
    },

    async confirm(order_ids, context) {
      await call(ConfirmReservations, { order_ids }, context)
    },

    ping: () => channel.ping(),
    close: async () => channel.close(),
  }
}

type Response =
  ProductOperations['createReservations']['responses'][200]['content']['application/json']

/** The HTTP contract has limits that product.proto cannot express. */
const isContractual = (response: unknown): response is Response => isResponse(response)

const resultsFrom = (response: unknown): readonly ReservationResult[] => {
  if (isContractual(response)) return response.results
  throw unavailable(new Error('The response of CreateReservations does not match the contract.'))
}
