import { ApiError } from './catalogue.ts'

/**
 * Refused before it was begun: too many wait, it waited too long in the queue, or its time is over. It took no
 * effect and will take none, unlike everything else that is answered with 503 or 504.
 */
export class NotStarted extends ApiError {}
