// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { RequestedLine as _flash_deal_product_v1_RequestedLine, RequestedLine__Output as _flash_deal_product_v1_RequestedLine__Output } from '../../../flash_deal/product/v1/RequestedLine.ts';

export interface ReservationRequest {
  'order_id'?: (string);
  'user_id'?: (string);
  'lines'?: (_flash_deal_product_v1_RequestedLine)[];
}

export interface ReservationRequest__Output {
  'order_id'?: (string);
  'user_id'?: (string);
  'lines': (_flash_deal_product_v1_RequestedLine__Output)[];
}
