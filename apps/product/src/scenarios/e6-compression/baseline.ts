import type { KeptCodings } from './seam.ts'

/** Pages are cached uncompressed. */
export const baseline = (): KeptCodings => ({
  chosenFor: () => 'identity',

  async coded(bytes) {
    return bytes
  },

  setHeaders() {},
})
