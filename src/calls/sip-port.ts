import type Srf from 'drachtio-srf';

/** A dialog as drachtio-srf really has it: its types leave out the name the SIP server knows it by, and ask too much of a request. */
export type SipDialog = Srf.Dialog & {
  readonly id: string;
  readonly connected: boolean;
  request(options: { readonly method: Srf.SipMethod; readonly headers: Readonly<Record<string, string>>; readonly body: string }, done: (error: unknown) => void): void;
};

/** What this room needs of the SIP server. */
export interface SipPort {
  readonly srf: Srf;
  /** Fires when the connection that is up now is lost: what hangs on it will never be answered. */
  lost(): AbortSignal;
}
