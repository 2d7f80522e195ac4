// Generated from contracts/proto. DO NOT EDIT.
// Original file: /work/wt/h1/contracts/proto/product.proto


export interface OrderIds {
  'order_ids'?: (string)[];
}

export interface OrderIds__Output {
  'order_ids': (string)[];
}
