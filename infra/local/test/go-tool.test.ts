import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
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
