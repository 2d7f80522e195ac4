import type { KeptCodings } from './seam.ts'

/** Pages are kept as they are, whoever asks. */
export const baseline = (): KeptCodings => ({
  chosenFor: () => 'identity',

  async coded(bytes) {
    return bytes
  },

  setHeaders() {},
})
