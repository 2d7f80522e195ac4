import tap, { type Test } from 'tap'

/** tap's `t` for files that share a process: see `test-process.ts`. */

let ofFile: Test = tap

/** The subtest of the file that runs now. Files run one after the other. */
export const useTest = (t: Test): void => {
  ofFile = t
}

export default new Proxy(tap, {
  get: (_, name) => {
    const value: unknown = Reflect.get(ofFile, name)
    return typeof value === 'function' ? value.bind(ofFile) : value
  },
})
