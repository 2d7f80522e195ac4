import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { send } from '../api.ts'
import { isReady, type Processes, type Side, sides, startBoth, withoutGo } from '../processes.ts'

/** A change from one language to the other, under load, as a load balancer sees it. */

// Within this time the load below has seen that readiness is false.
const drainMs = 1_500

type Load = { failed: string[]; answered: Record<Side, number>; stop(): Promise<void> }

/** Users that log in, check their tokens and exchange them, at whichever side is ready. */
const startLoad = async ({ port }: Processes): Promise<Load> => {
  const failed: string[] = []
  const answered = { node: 0, go: 0 }
  let readySides: Side[] = [...sides]
  let isOver = false
  let turn = 0

  const watch = async (): Promise<void> => {
    while (!isOver) {
      const isIn = await Promise.all(sides.map((side) => isReady(port[side])))
      readySides = sides.filter((_, index) => isIn[index])
      await pause(50)
    }
  }
  const ask = async (path: string, request: Parameters<typeof send>[2]) => {
    const side = readySides[turn++ % readySides.length] ?? 'node'
    try {
      const answer = await send(port[side], path, request)
      answered[side] += 1
      if (answer.status >= 300) failed.push(`${path} ${side}: ${answer.status}`)
      return answer.body
    } catch (error) {
      failed.push(`${path} ${side}: ${(error as Error).cause ?? error}`)
      return {}
    }
  }
  const user = async (number: number): Promise<void> => {
    const credentials = { email: `user${number}@example.com`, password: 'correct horse battery' }
    await ask('/auth/register', { body: { ...credentials, name: 'Mina Kim' } })
    let session = await ask('/auth/login', { body: credentials })
    while (!isOver) {
      await ask('/auth/verify', { token: session.access_token ?? '' })
      await ask('/auth/users/me', { token: session.access_token ?? '' })
      session = await ask('/auth/refresh', { body: { refresh_token: session.refresh_token } })
      await pause(20)
    }
  }
  const running = [watch(), ...Array.from({ length: 4 }, (_, number) => user(number))]
  const stop = async (): Promise<void> => {
    isOver = true
    await Promise.all(running)
  }
  return { failed, answered, stop }
}

const replace = async (t: Test, processes: Processes, old: Side): Promise<void> => {
  processes.supervisor.kill(old, 'SIGTERM')
  const exit = await processes.supervisor.exited(old)
  t.equal(exit?.code, 0, `${old} ends with code 0`)
  await pause(500)
  await processes.start(old)
}

t.test('a rolling change', { skip: withoutGo() }, async (t) => {
  const processes = await startBoth(t, 'auth', { DRAIN_MS: String(drainMs) })
  const load = await startLoad(processes)
  await pause(1_000)
  await replace(t, processes, 'node')
  await replace(t, processes, 'go')
  await load.stop()
  t.strictSame(load.failed, [], 'fails no request')
  for (const side of sides) t.ok(load.answered[side] > 50, `${side} answered a good part`)
})
