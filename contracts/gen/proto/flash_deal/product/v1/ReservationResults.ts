// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { ReservationResult as _flash_deal_product_v1_ReservationResult, ReservationResult__Output as _flash_deal_product_v1_ReservationResult__Output } from '../../../flash_deal/product/v1/ReservationResult.ts';

export interface ReservationResults {
  'results'?: (_flash_deal_product_v1_ReservationResult)[];
}

export interface ReservationResults__Output {
  'results': (_flash_deal_product_v1_ReservationResult__Output)[];
}
