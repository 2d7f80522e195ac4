import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
export type Controller = Dispatcher.DispatchController
export type ResponseHeaders = Parameters<NonNullable<Handler['onResponseStart']>>[2]

/**
 * Forwards the events of a request to another handler; a subclass overrides those that it needs.
 * undici's `DecoratorHandler` does the same and is deprecated.
 */
export class ForwardingHandler implements Handler {
  readonly #inner: Handler

  constructor(inner: Handler) {
    this.#inner = inner
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context)
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: ResponseHeaders,
    message?: string,
  ): void {
    this.#inner.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#inner.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: ResponseHeaders): void {
    this.#inner.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#inner.onResponseError?.(controller, error)
  }
}
