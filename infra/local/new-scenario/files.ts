import type { Names } from './names.ts'

/** The files of a new scenario's folder, by name: it starts, is counted, and passes its test. */
export const filesOf = (names: Names): Record<string, string> => ({
  'seam.ts': seam(names),
  'baseline.ts': variant(names, 'baseline'),
  'optimized.ts': variant(names, 'optimized'),
  'plugin.ts': plugin(names),
  'plugin.test.ts': test(names),
  'README.md': readme(names),
})

const seam = ({ id, type, title, value }: Names): string => `
/** ${id}: ${title}. Both variants implement this; replace it by the function that they differ in. */
export type ${type} = () => string

declare module 'fastify' {
  interface FastifyInstance {
    ${value}: ${type}
  }
}
`

const variant = ({ id, type }: Names, name: string): string => `
import type { FastifyInstance } from 'fastify'
import type { ${type} } from './seam.ts'

/** What ${name} does, and why. */
export const ${name} = (app: FastifyInstance): ${type} => {
  const count = app.witness('${id}', '${name}')
  return () => {
    count()
    return '${name}'
  }
}
`

const plugin = ({ id, value, type, folder }: Names): string => `
import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { optimized } from './optimized.ts'
import type { ${type} } from './seam.ts'

const variants = { baseline, optimized } satisfies Record<
  VariantOf<'${id}'>,
  (app: FastifyInstance) => ${type}
>

export const ${value} = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'${id}'> }) => {
    app.decorate('${value}', variants[variant](app))
  },
  { name: '${folder}', dependencies: ['metrics'] },
)
`

const test = ({ id, app, value }: Names): string => `
import { readSettings, resolveScenarios, type VariantOf } from '@flash-deal/config'
import { createService } from '@flash-deal/service'
import { eachVariant } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { ${value} } from './plugin.ts'

const withVariant = async (t: Test, variant: VariantOf<'${id}'>): Promise<FastifyInstance> => {
  const settings = readSettings('${app}', { LOG_LEVEL: 'silent', INTERNAL_KEY: 'the key of the test' })
  const { scenarios } = resolveScenarios({}, {})
  const app = await createService({ name: '${app}', settings, scenarios })
  t.teardown(() => app.close())
  await app.register(${value}, { variant })
  return app
}

for (const variant of eachVariant('${id}')) {
  t.test(\`\${variant}: its counter shows that it worked\`, async (t) => {
    const app = await withVariant(t, variant)
    t.equal(app.${value}(), variant)
    t.match(
      await app.metrics.metrics(),
      \`scenario_witness_total{scenario="${id}",event="\${variant}"} 1\\n\`,
    )
  })
}
`

const readme = ({ id, title }: Names): string => `
# ${id}: ${title}

**Recommendation**: not measured yet.

**Symptom**: what a user or an operator sees, and how to reproduce it.
**Cause**: why it happens.

| variant | what it does |
| --- | --- |
| \`baseline\` | what it does today |
| \`optimized\` | what it does instead |

<!-- results:${id.toLowerCase()} -->
<!-- /results -->

Switch it: \`SCENARIO_${id}=optimized make run\`.
`
