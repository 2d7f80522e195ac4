/** Milliseconds that product has to acknowledge a release or a confirmation outside a request. */
export const settlingMs = 2_000
