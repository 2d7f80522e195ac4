/**
 * Replaces `async-hook-domain` of tap in `test-process.ts`. That package finds the test of an error in a
 * callback through `async_hooks`, which took about a tenth of the CPU time of tests. Here
 * `test-process.ts` gives such an error to the test that runs.
 */
export class Domain {
  onerror: (error: unknown, origin: string) => void

  constructor(onerror: Domain['onerror']) {
    this.onerror = onerror
  }

  destroy(): void {}
}
