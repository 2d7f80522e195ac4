import type { Instance } from './instance.ts'

/** The variants on `/health` of all processes of an arm; if they differ, all values. A ceiling has none. */
export const variantsOf = async ({ arm, processes }: Instance): Promise<Record<string, string>> => {
  if (arm.role === 'ceiling') return {}
  const shown = await Promise.all(processes.map(({ port }) => scenariosAt(port)))
  const ids = Object.keys(Object.assign({}, ...shown))
  return Object.fromEntries(
    ids.map((id) => [id, [...new Set(shown.map((each) => each[id] ?? 'nothing'))].join(' and ')]),
  )
}

const scenariosAt = async (port: number): Promise<Record<string, string>> => {
  const health = await fetch(`http://127.0.0.1:${port}/health`)
  return ((await health.json()) as { scenarios: Record<string, string> }).scenarios
}
