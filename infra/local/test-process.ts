import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { root } from './paths.ts'
import { cpuMsOfTree } from './process-info.ts'

/**
 * The process of one or more test files, which it runs one after the other, each for at most the
 * seconds of its first argument, because starting Node and loading the libraries takes more CPU
 * time than most files themselves. Each file is a subtest, which its `import t from 'tap'` yields.
 * The modules of tests are loaded anew for each file; the others are shared. After each file its
 * times are written to descriptor 3, one line of JSON.
 */

// tap names the folders of fixtures after the arguments that it finds when it is loaded.
const [timeoutS, ...files] = process.argv.splice(2)
const currentTest = import.meta.resolve('./current-test.ts')
const domains = import.meta.resolve('./no-test-domains.ts')
const ofTests = /(?:\/test\/(?!.*\/node_modules\/).*|\.test)\.ts$/

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'async-hook-domain') return { url: domains, shortCircuit: true }
    const [copy] = /\?file=\d+$/.exec(context.parentURL ?? '') ?? []
    if (copy === undefined) return next(specifier, context)
    if (specifier === 'tap') return { url: currentTest, shortCircuit: true }
    const found = next(specifier, context)
    return ofTests.test(found.url) ? { ...found, url: `${found.url}${copy}` } : found
  },
})

const { default: tap } = await import('tap')
const { useTest } = await import('./current-test.ts')

type Running = Pick<Test, 'hookDomain'> & Partial<Pick<Test, 'activeSubtests'>>

/** The innermost test that runs. Tests of a process run one after the other. */
const runningIn = (test: Running): Running => {
  const [active] = test.activeSubtests ?? []
  return active === undefined ? test : runningIn(active)
}

process.on('uncaughtException', (error, origin) => runningIn(tap).hookDomain.onerror(error, origin))

// A file has its own timeout, the process has that of the runner.
const timeout = Number(timeoutS) * 1_000
tap.setTimeout(0)

let begin = 0
let cpuBefore = 0
for (const [index, file] of files.entries()) {
  await tap.test(file, { timeout }, async (t) => {
    useTest(t)
    await import(`${pathToFileURL(join(root, file))}?file=${index}`)
  })
  const [ms, cpuMs] = [Math.round(performance.now()), cpuMsOfTree()]
  const times = { ms: ms - begin, cpuMs: cpuMs === undefined ? undefined : cpuMs - cpuBefore }
  writeSync(3, `${JSON.stringify({ file, ...times })}\n`)
  begin = ms
  cpuBefore = cpuMs ?? 0
}

// Open handles of a test must not keep the process running.
tap.on('complete', () => setImmediate(() => process.exit()))
tap.end()
