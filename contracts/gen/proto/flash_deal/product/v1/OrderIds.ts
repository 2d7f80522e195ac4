// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto


export interface OrderIds {
  'order_ids'?: (string)[];
}

export interface OrderIds__Output {
  'order_ids': (string)[];
}
