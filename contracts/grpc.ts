/** The service definitions of gRPC for client and server, loaded from proto/ at import. */
import { join } from 'node:path'
import { loadSync } from '@grpc/proto-loader'
import type { ReservationsDefinition } from './gen/proto/flash_deal/product/v1/Reservations.ts'
import type { HealthDefinition } from './gen/proto/grpc/health/v1/Health.ts'

export type { OrderIds__Output as OrderIds } from './gen/proto/flash_deal/product/v1/OrderIds.ts'
export type {
  ReservationRequest,
  ReservationRequest__Output as ReceivedRequest,
} from './gen/proto/flash_deal/product/v1/ReservationRequest.ts'
export type {
  ReservationResult,
  ReservationResult__Output as ReceivedResult,
} from './gen/proto/flash_deal/product/v1/ReservationResult.ts'
export type { ReservationsHandlers } from './gen/proto/flash_deal/product/v1/Reservations.ts'
export type { HealthHandlers } from './gen/proto/grpc/health/v1/Health.ts'

/** The same options as in generate.ts, which writes the types. */
const definitions = loadSync(['product.proto', 'health.proto'], {
  includeDirs: [join(import.meta.dirname, 'proto')],
  keepCase: true,
  longs: Number,
  enums: String,
  arrays: true,
})

// These types are generated from the same files.
export const reservationsService = definitions[
  'flash_deal.product.v1.Reservations'
] as unknown as ReservationsDefinition
export const healthService = definitions['grpc.health.v1.Health'] as unknown as HealthDefinition
