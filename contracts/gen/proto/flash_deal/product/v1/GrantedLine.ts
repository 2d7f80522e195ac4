// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto

import type { Long } from '@grpc/proto-loader';

export interface GrantedLine {
  'product_id'?: (string);
  'deal_id'?: (string);
  'quantity'?: (number);
  'product_name'?: (string);
  'unit_price'?: (number | string | Long);
  '_deal_id'?: "deal_id";
}

export interface GrantedLine__Output {
  'product_id'?: (string);
  'deal_id'?: (string);
  'quantity'?: (number);
  'product_name'?: (string);
  'unit_price'?: (number);
}
