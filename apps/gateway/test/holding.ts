import type { ServerResponse } from 'node:http'
import { type Test, until } from '@flash-deal/testing'
import { callerAt } from './client.ts'
import {
  type Behaviour,
  fakeService,
  isAboutTokens,
  obliging,
  type Proxying,
  someToken,
  startObliging,
} from './gateway-alone.ts'

const json = { 'content-type': 'application/json' }

/** Holds requests until the test responds, or responds to them itself. Does not hold its health. */
export class Holding {
  readonly held: ServerResponse[] = []

  #answer: string | undefined

  readonly behave: Behaviour = ({ path }, response) => {
    if (path.startsWith('/health')) response.writeHead(200, json).end('{}')
    else if (this.#answer !== undefined) response.writeHead(200, json).end(this.#answer)
    else this.held.push(response)
  }

  /** From now on it responds at once. */
  oblige(answer = '{}'): void {
    this.#answer = answer
  }

  async until(count: number): Promise<ServerResponse[]> {
    await until(() => this.held.length >= count, `${count} requests are held`)
    return this.held
  }

  async answer(count: number): Promise<void> {
    for (const response of (await this.until(count)).splice(0))
      response.writeHead(200, json).end('{}')
  }
}

/** The gateway with services that hold requests; auth responds to tokens. */
export const startHolding = async (t: Test, proxy: Proxying, settings: Record<string, string>) => {
  const holding = new Holding()
  const service = await fakeService(t, holding.behave)
  const auth = await fakeService(t, (request, response) =>
    isAboutTokens(request) ? obliging(request, response) : holding.behave(request, response),
  )
  const urls = { PRODUCT_URLS: service.url, ORDER_URLS: service.url, AUTH_URLS: auth.url }
  const { app, url, waiting } = await startObliging(t, { ...urls, ...settings }, proxy)
  const callers = { anybody: callerAt(url), somebody: callerAt(url, someToken) }
  return { app, url, waiting, auth, holding, ...callers }
}
