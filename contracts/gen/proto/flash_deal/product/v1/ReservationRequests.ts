// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { ReservationRequest as _flash_deal_product_v1_ReservationRequest, ReservationRequest__Output as _flash_deal_product_v1_ReservationRequest__Output } from '../../../flash_deal/product/v1/ReservationRequest.ts';

export interface ReservationRequests {
  'reservations'?: (_flash_deal_product_v1_ReservationRequest)[];
}

export interface ReservationRequests__Output {
  'reservations': (_flash_deal_product_v1_ReservationRequest__Output)[];
}
