// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { ReservationState as _flash_deal_product_v1_ReservationState, ReservationState__Output as _flash_deal_product_v1_ReservationState__Output } from '../../../flash_deal/product/v1/ReservationState.ts';

export interface ReservationStates {
  'results'?: (_flash_deal_product_v1_ReservationState)[];
}

export interface ReservationStates__Output {
  'results': (_flash_deal_product_v1_ReservationState__Output)[];
}
