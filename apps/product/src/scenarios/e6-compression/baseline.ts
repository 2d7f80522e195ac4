import type { CachedCodings } from './seam.ts'

/** Pages are cached uncompressed. */
export const baseline = (): CachedCodings => ({
  chosenFor: () => 'identity',

  async coded(bytes) {
    return bytes
  },

  setHeaders() {},
})
