/** The extent of a run: `short` for daily work and CI, `long` for published results. */
export type Form = 'short' | 'long'

/** A number that depends on the form. */
export type ByForm = Readonly<Record<Form, number>>
