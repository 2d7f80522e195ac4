// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto


export interface RequestedLine {
  'product_id'?: (string);
  'deal_id'?: (string);
  'quantity'?: (number);
  '_deal_id'?: "deal_id";
}

export interface RequestedLine__Output {
  'product_id'?: (string);
  'deal_id'?: (string);
  'quantity'?: (number);
}
