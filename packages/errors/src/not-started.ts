import { ApiError } from './catalogue.ts'

/**
 * Rejected before it started: the queue was full, the queue timeout expired, or the deadline expired. It
 * has no effect. The outcome of any other 503 or 504 is unknown.
 */
export class NotStarted extends ApiError {}
