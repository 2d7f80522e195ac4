import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError } from './plain-error.ts'
import { addressOf, type Service } from './services.ts'
import { endingOf, type Supervisor } from './supervisor.ts'

/** Long, because several processes start at the same time, also on a busy machine. */
const readyWithinMs = 60_000

/** An instance of a service, by its name in the supervisor. */
type Instance = Omit<Service, 'name' | 'entry'> & { name: string }

/** Waits until the readiness check of a service succeeds. */
export const ready = async (supervisor: Supervisor, service: Instance): Promise<void> => {
  const gone = supervisor.exited(service.name).then((exit) => {
    throw exit?.expected
      ? ended
      : failed(
          supervisor,
          service.name,
          `ended with ${exit ? endingOf(exit) : 'an error'} while starting`,
        )
  })
  await Promise.race([gone, answersReady(supervisor, service)])
}

const ended = new PlainError('The start was interrupted.')

const answersReady = async (supervisor: Supervisor, service: Instance): Promise<void> => {
  const deadline = Date.now() + readyWithinMs
  let answer = 'no answer'
  while (Date.now() < deadline) {
    const response = await fetch(`${addressOf(service)}/health/ready`, {
      signal: AbortSignal.timeout(1_000),
    }).catch(() => undefined)
    if (response?.ok) return
    if (response) answer = await response.text()
    await sleep(50)
  }
  throw failed(
    supervisor,
    service.name,
    `was not ready within ${readyWithinMs / 1000} s (${answer})`,
  )
}

const failed = (supervisor: Supervisor, name: string, what: string): PlainError =>
  new PlainError(
    [`${name} ${what}. Its last log lines:`, ...supervisor.lastLines(name).slice(-8)].join('\n'),
  )
