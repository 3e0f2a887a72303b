/** SIPp scenarios of one transaction or call each. Every run uses one source port: SIPp's own [branch] and [call_id] stay unique by its pid. */
export type Operation = 'invite' | 'options' | 'register';

const HEAD = `Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
From: <sip:bench@[local_ip]:[local_port]>;tag=[pid]b[call_number]
Call-ID: [call_id]
Max-Forwards: 70`;
const CONTACT = 'Contact: <sip:bench@[local_ip]:[local_port];transport=[transport]>';
const TARGET = 'sip:service@[remote_ip]:[remote_port]';
const REMOTE = `To: <${TARGET}>[peer_tag_param]`;

export const SDP = ['v=0', 'o=bench 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 40000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', ''].join('\r\n');

const send = (text: string, attributes: string): string => `<send ${attributes}><![CDATA[\n\n${text}\n\n]]></send>`;
const EARLY = '<recv response="100" optional="true"/><recv response="180" optional="true"/>';
const ONCE_MORE = 'retrans="500"';

const simple = (method: string, extra = ''): string => [
  send(`${method} ${TARGET} SIP/2.0\n${HEAD}\nTo: <${TARGET}>\nCSeq: 1 ${method}\n${CONTACT}${extra}\nContent-Length: 0`, ONCE_MORE),
  '<recv response="100" optional="true"/><recv response="200"/>',
].join('\n');

const invite = [
  send(`INVITE ${TARGET} SIP/2.0\n${HEAD}\nTo: <${TARGET}>\nCSeq: 1 INVITE\n${CONTACT}\nContent-Type: application/sdp\nContent-Length: [len]\n\n${SDP.replaceAll('\r', '').trim()}`, ONCE_MORE),
  `${EARLY}<recv response="200" rrs="true"/>`,
  send(`ACK [next_url] SIP/2.0\n${HEAD}\n${REMOTE}\nCSeq: 1 ACK\n[routes]\nContent-Length: 0`, ''),
  send(`BYE [next_url] SIP/2.0\n${HEAD}\n${REMOTE}\nCSeq: 2 BYE\n[routes]\nContent-Length: 0`, ONCE_MORE),
  '<recv response="200"/>',
].join('\n');

const BODIES: Readonly<Record<Operation, string>> = { invite, options: simple('OPTIONS'), register: simple('REGISTER', '\nExpires: 300') };

export const scenario = (operation: Operation): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="${operation}">\n${BODIES[operation]}\n</scenario>\n`;
