import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildGoTool, type GoTool } from '../go-tool.ts'
import { PlainError } from '../plain-error.ts'

const tool: GoTool = { name: 'a-tool', module: 'example.test/a/tool/v5', version: 'v5.0.1' }

t.test('without Go the error message has the reason', async (t) => {
  await t.rejects(
    buildGoTool(tool, { tools: t.testdir({}), env: { PATH: '' } }),
    new PlainError('a-tool v5.0.1 could not be built, because Go is missing'),
  )
})

t.test('a tool that is built already is not built again', async (t) => {
  const tools = t.testdir({})
  mkdirSync(join(tools, 'a-tool-v5.0.1'))
  writeFileSync(join(tools, 'a-tool-v5.0.1/tool'), '')
  t.equal(await buildGoTool(tool, { tools, env: {} }), join(tools, 'a-tool-v5.0.1/tool'))
})

/** A `go` that writes a program of this name. */
const envWithGo = (t: Test, program: string) => {
  const bin = t.testdir({})
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n: > "$GOBIN/${program}"\n`, { mode: 0o755 })
  return { PATH: bin }
}

t.test('a tool is built into its own folder', async (t) => {
  const env = envWithGo(t, 'tool')
  const tools = join(env.PATH, 'tools')
  t.equal(await buildGoTool(tool, { tools, env }), join(tools, 'a-tool-v5.0.1/tool'))
  t.strictSame(readdirSync(tools), ['a-tool-v5.0.1'])
})

t.test('a folder without the program of the tool is an error', async (t) => {
  const env = envWithGo(t, 'another-name')
  const tools = join(env.PATH, 'tools')
  const program = join(tools, 'a-tool-v5.0.1/tool')
  const sentence = `a-tool v5.0.1 could not be built, because ${program} is missing after the build`
  await t.rejects(buildGoTool(tool, { tools, env }), new PlainError(sentence))
  await t.rejects(buildGoTool(tool, { tools, env }), new PlainError(sentence), 'the next time too')
})

t.test('a folder that cannot be renamed is an error', async (t) => {
  const env = envWithGo(t, 'tool')
  const tools = join(env.PATH, 'tools')
  mkdirSync(tools)
  writeFileSync(join(tools, 'a-tool-v5.0.1'), '')
  await t.rejects(buildGoTool(tool, { tools, env }), {
    name: 'PlainError',
    message: /^a-tool v5\.0\.1 could not be built, because ENOTDIR: /,
  })
})
