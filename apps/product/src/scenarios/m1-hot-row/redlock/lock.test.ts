import { setImmediate as nextTurn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type LockServer, Redlock, type RedlockOptions } from './lock.ts'

/** The rules of Redlock, with servers in memory and a simulated clock. */

const lockMs = 1_000
const waitMs = 200

/** A server in memory: the token of each name. */
const serverOf = (given: Partial<LockServer> = {}) => {
  const held = new Map<string, string>()
  const lock: LockServer['lock'] = async (names, token) => {
    if (names.some((name) => held.has(name))) return false
    for (const name of names) held.set(name, token)
    return true
  }
  const unlock: LockServer['unlock'] = async (names, token) => {
    for (const name of names) if (held.get(name) === token) held.delete(name)
  }
  return { held, lock, unlock, ...given }
}

const away = () => serverOf({ lock: async () => Promise.reject(new Error('It is unavailable.')) })

/** The command took effect and its response was lost. */
const speechless = () => {
  const server = serverOf()
  const lock: LockServer['lock'] = async (...given) => {
    await server.lock(...given)
    throw new Error('The response was lost.')
  }
  return { ...server, lock }
}

const clockOf = () => {
  const clock = {
    ms: 0,
    pauses: [] as number[],
    now: () => clock.ms,
    pause: async (ms: number) => {
      clock.pauses.push(ms)
      clock.ms += ms
      await nextTurn()
    },
  }
  return clock
}

const redlockOf = (servers: readonly LockServer[], given: Partial<RedlockOptions> = {}) =>
  new Redlock({
    servers,
    lockMs,
    waitMs,
    waitersMax: 2_000,
    onWait: () => {},
    clock: clockOf(),
    ...given,
  })

const busy = { code: 'SERVICE_UNAVAILABLE' }
const done = async () => 'done'

const heldBy = async (servers: readonly { held: Map<string, string> }[]): Promise<number[]> => {
  // Releases run in the background.
  await nextTurn()
  return servers.map(({ held }) => held.size)
}

const quorums = {
  'all three grant it': [[serverOf(), serverOf(), serverOf()], 'done'],
  'one of three is away': [[serverOf(), away(), serverOf()], 'done'],
  'the answer of one of three is lost': [[serverOf(), speechless(), serverOf()], 'done'],
  'the answers of two of three are lost': [[speechless(), serverOf(), speechless()], busy],
  'two of three are away': [[serverOf(), away(), away()], busy],
  'two of five are away': [[serverOf(), away(), serverOf(), away(), serverOf()], 'done'],
  'three of five are away': [[serverOf(), away(), away(), away(), serverOf()], busy],
} as const

for (const [title, [servers, expected]] of Object.entries(quorums)) {
  const outcome = expected === 'done' ? 'the work is done' : 'it is not, and nobody waits for ever'
  t.test(`if ${title}, ${outcome}`, async (t) => {
    const answer = redlockOf(servers).hold(['row'], done)
    if (expected === 'done') t.equal(await answer, 'done')
    else await t.rejects(answer, expected)
    t.strictSame(new Set(await heldBy(servers)), new Set([0]), 'and nothing is held any more')
  })
}

t.test('a lock excludes others until its work is finished', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  const [one, other] = [redlockOf(servers), redlockOf(servers)]
  const events: string[] = []
  const working = Promise.withResolvers<void>()
  const first = one.hold(['row'], async () => {
    await working.promise
    events.push('first')
  })
  await t.rejects(other.hold(['row'], done), busy)
  const second = redlockOf(servers, { waitMs: 60_000 }).hold(['row'], async () => {
    events.push('second')
  })
  await nextTurn()
  working.resolve()
  await Promise.all([first, second])
  t.strictSame(events, ['first', 'second'])
})

t.test('failing work releases its lock', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  const failing = redlockOf(servers).hold(['row'], () => Promise.reject(new Error('no')))
  await t.rejects(failing, { message: 'no' })
  t.strictSame(await heldBy(servers), [0, 0, 0])
})

for (const [title, tookMs, expected] of [
  ['has almost expired when it is granted', 990, busy],
  ['has some time left', 984, 'done'],
] as const) {
  t.test(`a lock that ${title} is ${expected === 'done' ? '' : 'not '}acquired`, async (t) => {
    const clock = clockOf()
    const slow = () => {
      const server = serverOf()
      const lock: LockServer['lock'] = (...given) => {
        clock.ms += tookMs / 3
        return server.lock(...given)
      }
      return { ...server, lock }
    }
    const servers = [slow(), slow(), slow()]
    const answer = redlockOf(servers, { clock }).hold(['row'], done)
    if (expected === 'done') t.equal(await answer, 'done')
    else await t.rejects(answer, expected)
    t.strictSame(await heldBy(servers), [0, 0, 0])
  })
}

t.test('either all of several names are locked or none', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  await redlockOf(servers).hold(['b'], async () => {
    await t.rejects(redlockOf(servers).hold(['a', 'b', 'c'], done), busy)
    t.equal(await redlockOf(servers).hold(['a', 'c'], done), 'done')
  })
})

t.test('releasing does not remove the lock of another holder', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  await redlockOf(servers).hold(['row'], async () => {
    for (const { held } of servers) held.set('row', 'of another holder')
  })
  t.strictSame(await heldBy(servers), [1, 1, 1])
})

t.test('a waiting attempt pauses for a random time, is counted, and times out', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  const clock = clockOf()
  let waits = 0
  const onWait = () => {
    waits += 1
  }
  await redlockOf(servers).hold(['row'], async () => {
    await t.rejects(redlockOf(servers, { clock, onWait }).hold(['row'], done), busy)
  })
  t.equal(waits, clock.pauses.length)
  t.ok(new Set(clock.pauses).size > waits / 2)
  t.ok(clock.ms >= waitMs && clock.ms < waitMs + 1, `${clock.ms} ms`)
})

/** The pauses of an attempt that times out, with this many contenders in its process. */
const pausesBeside = async (t: Test, others: number): Promise<number[]> => {
  t.capture(Math, 'random', () => 1)
  const servers = [serverOf(), serverOf(), serverOf()]
  const clock = clockOf()
  const redlock = redlockOf(servers, { clock })
  await redlockOf(servers).hold(['row'], async () => {
    const { pause } = clock
    // They pause forever and only count as contenders.
    clock.pause = () => new Promise(() => {})
    for (let n = 0; n < others; n += 1) void redlock.hold(['row', `${n}`], done)
    await nextTurn()
    clock.pause = pause
    await t.rejects(redlock.hold(['row'], done), busy)
  })
  return clock.pauses
}

t.test('without contention the first attempt has no pause', async (t) => {
  const pauses = await pausesBeside(t, 0)
  t.strictSame(new Set(pauses), new Set([2.5]))
  const clock = clockOf()
  await redlockOf([serverOf(), serverOf(), serverOf()], { clock }).hold(['row'], done)
  t.strictSame(clock.pauses, [])
})

t.test('with contention a new attempt pauses first, as long as the others', async (t) => {
  const [first, ...others] = await pausesBeside(t, 9)
  t.equal(first, 9 * 2.5)
  for (const pause of others.slice(0, -1)) t.equal(pause, 10 * 2.5)
})

t.test('no pause exceeds the deadline', async (t) => {
  t.strictSame(await pausesBeside(t, 1_000), [waitMs])
})

t.test('attempts for other names do not count as contention', async (t) => {
  const servers = [serverOf(), serverOf(), serverOf()]
  const clock = clockOf()
  const redlock = redlockOf(servers, { clock })
  await redlock.hold(['another'], () => redlock.hold(['row'], done))
  t.strictSame(clock.pauses, [])
})

t.test('undoing a failed attempt does not affect the next one', async (t) => {
  const [first, second, third] = [serverOf(), serverOf(), serverOf()]
  // The unlock of the first attempt arrives during the second one.
  const late: (() => void)[] = []
  const unlock: LockServer['unlock'] = async (...given) => {
    late.push(() => first.unlock(...given))
  }
  const clock = clockOf()
  const pause = async () => {
    for (const { held } of [first, second, third]) held.clear()
  }
  const servers = [{ ...first, unlock }, second, third]
  for (const { held } of [second, third]) held.set('row', 'of another holder')
  await redlockOf(servers, { clock: { ...clock, pause } }).hold(['row'], async () => {
    t.equal(late.length, 1)
    for (const hear of late) hear()
    t.strictSame(await heldBy(servers), [1, 1, 1])
  })
})

t.test('an attempt beyond the limit of waiters is rejected', async (t) => {
  const redlock = redlockOf([serverOf(), serverOf(), serverOf()], { waitersMax: 2 })
  const working = Promise.withResolvers<void>()
  const holders = ['a', 'b'].map((name) => redlock.hold([name], () => working.promise))
  await t.rejects(redlock.hold(['c'], done), busy)
  working.resolve()
  await Promise.all(holders)
  t.equal(await redlock.hold(['c'], done), 'done')
})
