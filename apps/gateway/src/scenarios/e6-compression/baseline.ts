/** Answers leave as they come. */
export const baseline = async (): Promise<void> => {}
