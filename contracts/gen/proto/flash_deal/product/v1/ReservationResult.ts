// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { GrantedLine as _flash_deal_product_v1_GrantedLine, GrantedLine__Output as _flash_deal_product_v1_GrantedLine__Output } from '../../../flash_deal/product/v1/GrantedLine.ts';

export interface ReservationResult {
  'order_id'?: (string);
  'outcome'?: (string);
  'expires_at'?: (string);
  'lines'?: (_flash_deal_product_v1_GrantedLine)[];
  'reason'?: (string);
  'message'?: (string);
  'details'?: (string);
  '_expires_at'?: "expires_at";
  '_reason'?: "reason";
  '_message'?: "message";
  '_details'?: "details";
}

export interface ReservationResult__Output {
  'order_id'?: (string);
  'outcome'?: (string);
  'expires_at'?: (string);
  'lines': (_flash_deal_product_v1_GrantedLine__Output)[];
  'reason'?: (string);
  'message'?: (string);
  'details'?: (string);
}
