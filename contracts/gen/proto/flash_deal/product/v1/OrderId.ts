// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto


export interface OrderId {
  'order_id'?: (string);
}

export interface OrderId__Output {
  'order_id'?: (string);
}
