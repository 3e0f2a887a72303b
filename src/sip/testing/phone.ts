import { randomBytes } from 'node:crypto';
import { Secret } from '../../config/index.js';
import { answerChallenge } from '../digest/client.js';
import type { SipReply, SipRequest } from '../request.js';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}
/** A request as drachtio-srf would hand it on, and what was answered. */
export function exchange(req: Partial<SipRequest> & { readonly headers?: Readonly<Record<string, string>> }): { req: SipRequest; res: SipReply; answers: Answered[] } {
  const headers = new Map(Object.entries(req.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
  const answers: Answered[] = [];
  return {
    req: { method: 'REGISTER', uri: 'sip:strowger', source_address: '192.0.2.1', source_port: 5060, protocol: 'udp', ...req, get: (name) => headers.get(name.toLowerCase()) },
    res: { send: (status, options) => void answers.push({ status, headers: options?.headers ?? {} }) },
    answers,
  };
}

/** A phone for tests: sends a request, answers a challenge once, and says what it got in the end. */
export interface Phone {
  send(method: string, headers?: Readonly<Record<string, string>>): Answered;
  /** Without credentials: what a stranger gets. */
  knock(method: string, headers?: Readonly<Record<string, string>>): Answered;
}
export interface PhoneOptions {
  readonly user: string;
  readonly password: string;
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly uri?: string;
  readonly handle: (req: SipRequest, res: SipReply) => void;
}
export function phone({ user, password, address = '192.0.2.1', port = 5060, protocol = 'udp', uri = 'sip:strowger', handle }: PhoneOptions): Phone {
  let cseq = 0;
  const callId = randomBytes(6).toString('hex');
  const once = (method: string, headers: Readonly<Record<string, string>>): Answered => {
    cseq += 1;
    const base = { From: `<sip:${user}@strowger>;tag=1`, To: `<sip:${user}@strowger>`, 'Call-ID': callId, CSeq: `${cseq} ${method}` };
    const { req, res, answers } = exchange({ method, uri, source_address: address, source_port: port, protocol, headers: { ...base, ...headers } });
    handle(req, res);
    const [first] = answers;
    if (!first || answers.length > 1) throw new Error(`answered ${answers.length} times`);
    return first;
  };
  return {
    knock: (method, headers = {}) => once(method, headers),
    send(method, headers = {}) {
      const first = once(method, headers);
      const challenge = first.headers['WWW-Authenticate']?.replaceAll('\r\nWWW-Authenticate: ', ', ');
      if (first.status !== 401 || challenge === undefined) return first;
      const answer = answerChallenge({ status: 401, get: () => challenge }, { method, uri }, { username: user, password: new Secret(password) });
      return answer ? once(method, { ...headers, [answer.name]: answer.value }) : first;
    },
  };
}
