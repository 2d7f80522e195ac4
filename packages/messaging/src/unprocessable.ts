/** A record that no attempt can process: it is parked at once. */
export class Unprocessable extends Error {}
