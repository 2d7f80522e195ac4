// Generated from contracts/proto. DO NOT EDIT.
// Original file: /work/wt/h1/contracts/proto/health.proto


export interface HealthCheckRequest {
  'service'?: (string);
}

export interface HealthCheckRequest__Output {
  'service'?: (string);
}
