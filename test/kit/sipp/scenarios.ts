/**
 * Scenarios for SIPp as templates. A caller's row is [user, authentication], see `row`; what varies otherwise is an
 * argument, because SIPp takes no variables where it takes file names.
 */
const scenario = (name: string, body: string): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="${name}">\n${body}\n</scenario>\n`;

const send = (text: string, attributes = 'retrans="500"'): string => `<send ${attributes}><![CDATA[\n\n${text.trim()}\n\n]]></send>`;
const recv = (attributes: string): string => `<recv ${attributes}/>`;
const pause = (ms: number): string => (ms > 0 ? `<pause milliseconds="${String(ms)}"/>` : '');
const play = (pcap: string | undefined): string =>
  pcap === undefined ? '' : `<nop><action><exec play_pcap_audio="${pcap}"/></action></nop>`;

/** The CSV row of an account: fields 0 and 1 of every caller below. */
export const row = (user: string, password: string): readonly [string, string] =>
  [user, `[authentication username=${user} password=${password}]`];

const SDP = `
v=0
o=sipp 53655765 2353687637 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=sendrecv`;

const head = (method: string, cseq: string, uri: string, options: { readonly to?: string; readonly branch?: string; readonly extra?: string } = {}): string => `
${method} ${uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=${options.branch ?? '[branch]'}
From: "[field0]" <sip:[field0]@[remote_ip]:[remote_port]>;tag=[pid]t[call_number]
To: ${options.to ?? '<sip:[service]@[remote_ip]:[remote_port]>'}
Call-ID: [call_id]
CSeq: ${cseq}
Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70${options.extra ?? ''}`;

const REMOTE = '<sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]';
const SERVICE = 'sip:[service]@[remote_ip]:[remote_port]';
const withSdp = (text: string): string => `${text}\nContent-Type: application/sdp\nContent-Length: [len]\n${SDP}`;
const empty = (text: string): string => `${text}\nContent-Length: 0`;
/** In the dialog: target and routes as learned from the 200. */
const within = (method: string, cseq: string, attributes?: string): string =>
  send(empty(head(method, cseq, '[next_url]', { to: REMOTE, extra: '\n[routes]' })), attributes);

export const register = (expires = 300): string => {
  const request = (cseq: number, extra: string): string =>
    send(empty(head('REGISTER', `${String(cseq)} REGISTER`, 'sip:[remote_ip]:[remote_port]', { to: '<sip:[field0]@[remote_ip]:[remote_port]>', extra: `${extra}\nExpires: ${String(expires)}` })));
  return scenario('register', [request(1, ''), recv('response="100" optional="true"'), recv('response="401" auth="true"'), request(2, '\n[field1]'),
    recv('response="100" optional="true"'), recv('response="200"')].join('\n'));
};

export type CallScenario = {
  /** How the server challenges an INVITE; false for a trunk known by its address. */
  readonly challenge?: 401 | 407 | false;
  readonly tone?: string;
  readonly keys?: string;
  readonly keysAfterMs?: number;
  readonly talkMs?: number;
  readonly endedBy?: 'us' | 'them';
  readonly fault?: 'lost_ack' | 'lost_bye' | 'hold';
};
const opening = (challenge: 401 | 407 | false): string => {
  const invite = (cseq: number, extra: string): string => send(withSdp(head('INVITE', `${String(cseq)} INVITE`, SERVICE, { extra })));
  const first = challenge === false ? [] : [
    invite(1, ''), recv('response="100" optional="true"'), recv(`response="${String(challenge)}" auth="true"`),
    send(empty(head('ACK', '1 ACK', SERVICE, { to: REMOTE, branch: '[branch-3]' })), ''),
  ];
  return [...first, invite(2, challenge === false ? '' : '\n[field1]')].join('\n');
};
const PROVISIONAL = [100, 180, 183].map((status) => recv(`response="${String(status)}" optional="true"`)).join('\n');

/** A call that is answered, talked on and ended. */
export function call(o: CallScenario = {}): string {
  const hold = o.fault === 'hold'
    ? [send(withSdp(head('INVITE', '3 INVITE', '[next_url]', { to: REMOTE, extra: '\n[routes]' })).replace('a=sendrecv', 'a=sendonly')),
      recv('response="100" optional="true"'), recv('response="200"'), within('ACK', '3 ACK', ''), pause(500)]
    : [];
  return scenario('call', [
    opening(o.challenge ?? 407), PROVISIONAL, recv('response="200" rrs="true" rtd="true"'),
    within('ACK', '2 ACK', o.fault === 'lost_ack' ? 'lost="100"' : ''),
    play(o.tone), pause(o.keys === undefined ? 0 : (o.keysAfterMs ?? 500)), play(o.keys), pause(o.talkMs ?? 1000), ...hold,
    ...(o.endedBy === 'them'
      ? [recv('request="BYE"'), send(answer(200, ''), '')]
      : [within('BYE', '4 BYE', o.fault === 'lost_bye' ? 'retrans="500" lost="60"' : undefined), recv('response="200" crlf="true"')]),
  ].join('\n'));
}

/** CANCEL after the first 180 or 183. */
export const cancelWhileRinging = (challenge: 401 | 407 | false = 407, afterMs = 200): string => scenario('cancel', [
  opening(challenge), recv('response="100" optional="true"'), recv('response="183" optional="true"'), recv('response="180"'), pause(afterMs),
  send(empty(head('CANCEL', '2 CANCEL', SERVICE, { branch: '[branch-5]' }))), recv('response="200"'), recv('response="487"'),
  send(empty(head('ACK', '2 ACK', SERVICE, { to: REMOTE, branch: '[branch-8]' })), ''),
].join('\n'));

/** A call that the server must refuse with this status at once: no challenge is answered. */
export const refused = (status: number): string => scenario('refused', [
  send(withSdp(head('INVITE', '1 INVITE', SERVICE))), recv('response="100" optional="true"'), recv(`response="${String(status)}"`),
  send(empty(head('ACK', '1 ACK', SERVICE, { to: REMOTE, branch: '[branch-3]' })), ''),
].join('\n'));

export const options = (status = 200): string =>
  scenario('options', [send(empty(head('OPTIONS', '1 OPTIONS', SERVICE))), recv(`response="${String(status)}"`)].join('\n'));

const answer = (status: number, tag: string, body = false): string => {
  const text = `
SIP/2.0 ${String(status)} Answer
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:]${tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>`;
  return body ? withSdp(text) : empty(text);
};
/** SIPp refuses a scenario that sets a variable and does not use it. */
const REMEMBER_CALLER =
  '<recv request="INVITE" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/></action></recv>';
const TAG = ';tag=[pid]u[call_number]';

/** An agent or trunk that rings, answers and talks until the other side hangs up, or hangs up itself. */
export const answering = (o: { readonly ringMs?: number; readonly tone?: string; readonly talkMs?: number; readonly endedBy?: 'us' | 'them' } = {}): string =>
  scenario('answering', [
    o.endedBy === 'us' ? REMEMBER_CALLER : recv('request="INVITE" rrs="true"'), send(answer(180, TAG), ''), pause(o.ringMs ?? 0), send(answer(200, TAG, true)), recv('request="ACK" rtd="true"'),
    play(o.tone),
    ...(o.endedBy === 'us'
      ? [pause(o.talkMs ?? 1000), send(`
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
[routes]
From: <sip:sipp@[local_ip]:[local_port]>${TAG}
To: [$caller]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0`), recv('response="200"')]
      : [recv('request="BYE"'), send(answer(200, ''), '')]),
  ].join('\n'));

/** 180 and nothing more: whoever calls has to cancel. */
export const ringingForEver = (): string => scenario('ringing', [
  '<recv request="INVITE"><action><ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/><ereg regexp="[0-9]+ INVITE" search_in="hdr" header="CSeq:" assign_to="cseq"/></action></recv>',
  send(answer(180, TAG), ''), recv('request="CANCEL"'), send(answer(200, TAG), ''),
  send(answer(487, TAG).replace('[last_Via:]', 'Via:[$via]').replace('[last_CSeq:]', 'CSeq: [$cseq]')), recv('request="ACK"'),
].join('\n'));

/** A phone or carrier that refuses: 486, 503, 603. */
export const refusing = (status: number): string =>
  scenario('refusing', [recv('request="INVITE"'), send(answer(status, TAG)), recv('request="ACK"')].join('\n'));

/** A carrier's registrar: challenges once, then accepts; no check of the answer. */
export const registrar = (expires = 60, realm = 'carrier'): string => scenario('registrar', [
  recv('request="REGISTER"'),
  send(answer(401, TAG).replace('Content-Length', `WWW-Authenticate: Digest realm="${realm}", nonce="[pid][call_number]", algorithm=MD5\nContent-Length`), ''),
  recv('request="REGISTER"'), send(answer(200, TAG).replace('Content-Length', `Expires: ${String(expires)}\nContent-Length`), ''),
].join('\n'));

/** Answers OPTIONS: a carrier in good health. */
export const healthy = (): string => scenario('healthy', [recv('request="OPTIONS"'), send(answer(200, TAG), '')].join('\n'));
