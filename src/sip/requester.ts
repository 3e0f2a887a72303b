import { StrowgerError, type Ms } from '../base/index.js';

/** A request outside any dialog. `localhost` in From and Contact is replaced by the SIP server's own address. */
export interface Ask {
  readonly method: 'OPTIONS' | 'REGISTER';
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: Ms;
}
export interface Asked {
  readonly status: number;
  readonly reason: string;
  get(name: string): string | undefined;
}
/** Sends requests of our own; what the edge gives the trunks, and tests fake. */
export interface Requester {
  /** The final answer, whatever its status. @throws EdgeDown, NoAnswer, RequestFailed */
  request(ask: Ask): Promise<Asked>;
}

/** The connection to the SIP server is down, or went down before the answer came. */
export class EdgeDown extends StrowgerError {
  readonly code = 'sip.edge_down';
}
/** No final answer within the time given. */
export class NoAnswer extends StrowgerError {
  readonly code = 'sip.no_answer';
}
/** The SIP server would not send it: no route, no such host, a malformed URI. */
export class RequestFailed extends StrowgerError {
  readonly code = 'sip.request_failed';
}
