/** A JSON value of a configuration file. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

/** An extension of Envoy: its name and the name of its type. */
export const typed = (type: string, fields: { readonly [name: string]: Json } = {}): Json => ({
  '@type': `type.googleapis.com/${type}`,
  ...fields,
})

/** Milliseconds as a duration of protobuf. */
export const duration = (ms: number): string => `${ms / 1_000}s`
