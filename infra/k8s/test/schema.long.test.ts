import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { toolEnvironment } from '@flash-deal/local/child-environment'
import { findTool } from '@flash-deal/local/find-tool'
import { fetchWheel, type Wheel } from '@flash-deal/local/python-wheel'
import t from 'tap'
import { findKustomize, folderOf, type Overlay, overlays, render, tools } from './render.ts'

/** Validates the overlays as built by kustomize against the schemas of Kubernetes. */

const wheel: Wheel = {
  name: 'kubernetes-validate',
  version: '1.37.0',
  constraints: join(import.meta.dirname, 'schema-constraints.txt'),
  program: 'bin/kubernetes-validate',
}

const fetch = () => fetchWheel(wheel, { tools, env: environment() })
const found = {
  kustomize: await findKustomize(),
  validator: await findTool({ package: { name: wheel.name, fetch } }, environment()),
}
const programOf = (name: keyof typeof found): string => {
  const tool = found[name]
  return 'program' in tool ? tool.program : ''
}
const missing = (['kustomize', 'validator'] as const).filter((name) => programOf(name) === '')
const reasons = missing.map((name) => `${name}: ${JSON.stringify(found[name])}`)
const skip = missing.length > 0 && reasons.join(', ')

/** The output of the validator; empty if everything is valid. Unknown fields are invalid. */
const findingsIn = async (texts: readonly string[], folder: string): Promise<string> => {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.yaml`)
    writeFileSync(file, text)
    return file
  })
  const program = programOf('validator')
  const env = { ...toolEnvironment(environment()), PYTHONPATH: dirname(dirname(program)) }
  return promisify(execFile)(program, ['--strict', ...files], { env }).then(
    () => '',
    ({ stdout, stderr }) => `${stdout}${stderr}` || 'it failed without a word',
  )
}

const rendered = (overlay: Overlay): Promise<string> =>
  render(programOf('kustomize'), folderOf(overlay))

t.test('every overlay is valid by the schemas of Kubernetes', { skip }, async (t) => {
  t.equal(await findingsIn(await Promise.all(overlays.map(rendered)), t.testdir({})), '')
})

t.test('a misspelt field is found', { skip }, async (t) => {
  const text = await rendered('production')
  const planted = text.replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem')
  t.not(planted, text)
  t.match(await findingsIn([planted], t.testdir({})), 'readOnlyRootFileSystem')
})
