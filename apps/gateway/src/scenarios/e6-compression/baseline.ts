/** Responses are sent as they are. */
export const baseline = async (): Promise<void> => {}
