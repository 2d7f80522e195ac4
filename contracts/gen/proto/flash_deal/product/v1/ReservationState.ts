// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/product.proto


export interface ReservationState {
  'order_id'?: (string);
  'state'?: (string);
}

export interface ReservationState__Output {
  'order_id'?: (string);
  'state'?: (string);
}
