/** How much is done: `short` is for every day and for CI, `long` for what is kept as evidence. */
export type Form = 'short' | 'long'

/** A number that is another one in the long form. */
export type ByForm = Readonly<Record<Form, number>>
