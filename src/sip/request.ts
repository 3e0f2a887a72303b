/** What this room reads of a request: drachtio-srf's, or a test's. */
export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly source_address: string;
  readonly source_port: number | string;
  readonly protocol: string;
  get(name: string): string | undefined;
}
/** What it needs to answer one. */
export interface SipReply {
  send(status: number, options?: { readonly headers: Record<string, string> }): void;
}

/** An answer decided on but not sent yet. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
}
export const answer = (status: number, headers: Record<string, string> = {}): Answer => ({ status, headers });

export function reply(res: SipReply, { status, headers }: Answer): void {
  res.send(status, { headers: { ...headers } });
}
