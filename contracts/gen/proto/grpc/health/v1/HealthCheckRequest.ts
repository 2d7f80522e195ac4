// Generated from contracts/proto. DO NOT EDIT.
// Original file: contracts/proto/health.proto


export interface HealthCheckRequest {
  'service'?: (string);
}

export interface HealthCheckRequest__Output {
  'service'?: (string);
}
