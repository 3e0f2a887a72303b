/**
 * Whether a BYE or CANCEL of ours met nothing because the other side's BYE or final answer was faster (RFC 3261 §15.1.2, §9.2): what it
 * asked for has come about. The words are those of drachtio-server.
 */
export const crossed = (error: unknown): boolean =>
  error instanceof Error && /unable to find dialog|cancel unknown transaction|unknown transaction id/i.test(error.message);
