import type { Config } from '../../config/index.js';
import { StoreError } from '../../store/index.js';
import { answer, reply, type Answer, type SipReply, type SipRequest } from '../request.js';
import type { Guard } from '../guard.js';
import { hostPort, parseNameAddr, parseUri, userOf } from '../uri.js';
import { remainingMs, type Binding, type Source } from './bindings.js';
import { readContacts } from './contacts.js';
import type { Location } from './location.js';

export interface RegistrarOptions {
  readonly config: () => Config;
  readonly guard: Guard;
  readonly location: Location;
  readonly log: { error(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
/** Answers REGISTER: RFC 3261 §10.3; Path is not recorded, the observed source says how to get back (RFC 3581). */
export function createRegistrar({ config, guard, location, log, now = Date.now }: RegistrarOptions): (req: SipRequest, res: SipReply) => void {
  const decide = (req: SipRequest): Answer => {
    const proved = guard.prove(req);
    if (!proved.ok) return proved.answer;
    const extension = userOf(req.get('To'));
    if (extension !== proved.extension.number) return answer(403, { 'X-Reason': 'not your address of record' });
    const limits = config().system.registration;
    const ask = readContacts(req.get('Contact'), req.get('Expires'), limits);
    if (ask.is === 'bad') return answer(ask.status, ask.status === 423 ? { 'Min-Expires': String(Math.ceil(limits.minExpiresMs / 1000)) } : {});
    if (ask.is === 'query') return listing(location.lookup(extension), now());
    const cseq = Number(/^\s*(\d{1,10})\b/.exec(req.get('CSeq') ?? '')?.[1] ?? 'NaN');
    const callId = req.get('Call-ID');
    const source = sourceOf(req);
    if (!Number.isInteger(cseq) || callId === undefined || !source) return answer(400);
    const result = location.register(extension, { contacts: ask.is === 'remove_all' ? '*' : ask.contacts, callId, cseq, source, userAgent: req.get('User-Agent') }, limits.maxContacts);
    if (!result.ok) return result.why === 'too_many' ? answer(403, { 'X-Reason': 'too many contacts' }) : answer(500, { 'Retry-After': '1' });
    return listing(result.change.bindings, now());
  };
  return (req, res) => {
    let decided: Answer;
    try {
      decided = decide(req);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ err: error, code: error.code, hint: error.hint }, 'a registration could not be kept');
      decided = answer(503, { 'Retry-After': '5' });
    }
    reply(res, decided);
  };
}

function listing(bindings: readonly Binding[], now: number): Answer {
  const contacts = bindings.map((b) => `<${b.uri}>;expires=${Math.max(1, Math.round(remainingMs(b, now) / 1000))}${b.q === 1000 ? '' : `;q=${b.q / 1000}`}`);
  return answer(200, contacts.length > 0 ? { Contact: contacts.join(', ') } : {});
}

const protos = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
/** Where the request came from, as the SIP server saw it. */
export function sourceOf(req: SipRequest): Source | undefined {
  const proto = protos.find((p) => p === req.protocol.toLowerCase());
  const port = Number(req.source_port);
  return proto && Number.isInteger(port) && port > 0 && port <= 65_535 ? { proto, address: req.source_address, port } : undefined;
}

/** How to reach a registered phone: the URI it gave as Request-URI, the source it was seen at as next hop. */
export function destinationOf(b: Binding): { readonly uri: string; readonly proxy: string } {
  const uri = parseUri(parseNameAddr(b.uri)?.uri ?? b.uri);
  const transport = b.proto === 'udp' ? '' : `;transport=${b.proto}`;
  return { uri: uri ? b.uri : `sip:${hostPort(b.address, b.port)}`, proxy: `sip:${hostPort(b.address, b.port)}${transport}` };
}
