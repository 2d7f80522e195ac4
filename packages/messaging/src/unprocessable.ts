/** The error of a record that no retry can process. It is parked immediately. */
export class Unprocessable extends Error {}
