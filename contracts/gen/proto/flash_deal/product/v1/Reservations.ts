// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { OrderId as _flash_deal_product_v1_OrderId, OrderId__Output as _flash_deal_product_v1_OrderId__Output } from '../../../flash_deal/product/v1/OrderId.ts';
import type { OrderIds as _flash_deal_product_v1_OrderIds, OrderIds__Output as _flash_deal_product_v1_OrderIds__Output } from '../../../flash_deal/product/v1/OrderIds.ts';
import type { ReservationRequests as _flash_deal_product_v1_ReservationRequests, ReservationRequests__Output as _flash_deal_product_v1_ReservationRequests__Output } from '../../../flash_deal/product/v1/ReservationRequests.ts';
import type { ReservationResults as _flash_deal_product_v1_ReservationResults, ReservationResults__Output as _flash_deal_product_v1_ReservationResults__Output } from '../../../flash_deal/product/v1/ReservationResults.ts';
import type { ReservationState as _flash_deal_product_v1_ReservationState, ReservationState__Output as _flash_deal_product_v1_ReservationState__Output } from '../../../flash_deal/product/v1/ReservationState.ts';
import type { ReservationStates as _flash_deal_product_v1_ReservationStates, ReservationStates__Output as _flash_deal_product_v1_ReservationStates__Output } from '../../../flash_deal/product/v1/ReservationStates.ts';

export interface ReservationsClient extends grpc.Client {
  ConfirmReservations(argument: _flash_deal_product_v1_OrderIds, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  ConfirmReservations(argument: _flash_deal_product_v1_OrderIds, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  ConfirmReservations(argument: _flash_deal_product_v1_OrderIds, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  ConfirmReservations(argument: _flash_deal_product_v1_OrderIds, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  confirmReservations(argument: _flash_deal_product_v1_OrderIds, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  confirmReservations(argument: _flash_deal_product_v1_OrderIds, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  confirmReservations(argument: _flash_deal_product_v1_OrderIds, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  confirmReservations(argument: _flash_deal_product_v1_OrderIds, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationStates__Output>): grpc.ClientUnaryCall;
  
  CreateReservations(argument: _flash_deal_product_v1_ReservationRequests, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  CreateReservations(argument: _flash_deal_product_v1_ReservationRequests, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  CreateReservations(argument: _flash_deal_product_v1_ReservationRequests, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  CreateReservations(argument: _flash_deal_product_v1_ReservationRequests, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  createReservations(argument: _flash_deal_product_v1_ReservationRequests, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  createReservations(argument: _flash_deal_product_v1_ReservationRequests, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  createReservations(argument: _flash_deal_product_v1_ReservationRequests, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  createReservations(argument: _flash_deal_product_v1_ReservationRequests, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationResults__Output>): grpc.ClientUnaryCall;
  
  ReleaseReservation(argument: _flash_deal_product_v1_OrderId, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _flash_deal_product_v1_OrderId, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _flash_deal_product_v1_OrderId, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _flash_deal_product_v1_OrderId, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _flash_deal_product_v1_OrderId, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _flash_deal_product_v1_OrderId, metadata: grpc.Metadata, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _flash_deal_product_v1_OrderId, options: grpc.CallOptions, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _flash_deal_product_v1_OrderId, callback: grpc.requestCallback<_flash_deal_product_v1_ReservationState__Output>): grpc.ClientUnaryCall;
  
}

export interface ReservationsHandlers extends grpc.UntypedServiceImplementation {
  ConfirmReservations: grpc.handleUnaryCall<_flash_deal_product_v1_OrderIds__Output, _flash_deal_product_v1_ReservationStates>;
  
  CreateReservations: grpc.handleUnaryCall<_flash_deal_product_v1_ReservationRequests__Output, _flash_deal_product_v1_ReservationResults>;
  
  ReleaseReservation: grpc.handleUnaryCall<_flash_deal_product_v1_OrderId__Output, _flash_deal_product_v1_ReservationState>;
  
}

export interface ReservationsDefinition extends grpc.ServiceDefinition {
  ConfirmReservations: MethodDefinition<_flash_deal_product_v1_OrderIds, _flash_deal_product_v1_ReservationStates, _flash_deal_product_v1_OrderIds__Output, _flash_deal_product_v1_ReservationStates__Output>
  CreateReservations: MethodDefinition<_flash_deal_product_v1_ReservationRequests, _flash_deal_product_v1_ReservationResults, _flash_deal_product_v1_ReservationRequests__Output, _flash_deal_product_v1_ReservationResults__Output>
  ReleaseReservation: MethodDefinition<_flash_deal_product_v1_OrderId, _flash_deal_product_v1_ReservationState, _flash_deal_product_v1_OrderId__Output, _flash_deal_product_v1_ReservationState__Output>
}
