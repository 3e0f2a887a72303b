import { afterEach, expect, it } from 'vitest';
import { runSipp, startSipp } from '../../../test/kit/sipp.js';
import { get, openLab, SDP, within, type App, type Lab } from './lab.test.js';

let lab: Lab;
afterEach(() => lab.close());
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

it('several applications take requests in turn, and a dialog stays with the one that made it', async () => {
  lab = await openLab();
  const apps = [await lab.app(), await lab.app()];
  apps.forEach((srf, i) => srf.use('invite', (req, res) => void srf.createUAS(req, res, { localSdp: SDP, headers: { 'X-App': String(i) } }).then((uas) => {
    uas.on('info', ((_req: unknown, infoRes: { send(status: number, options: object): void }) => infoRes.send(200, { headers: { 'X-App': String(i) } })));
  })));
  await settled();
  const seen: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    const peer = await lab.peer();
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    const ok = await peer.next(200);
    peer.send(within(peer, invite, ok, 'ACK'));
    peer.send(within(peer, invite, ok, 'INFO'));
    expect(get(await peer.next(200), 'X-App')).toBe(get(ok, 'X-App'));
    seen.push(get(ok, 'X-App'));
    peer.send(within(peer, invite, ok, 'BYE', { seq: 3 }));
    await peer.next(200);
  }
  expect(seen.sort()).toEqual(['0', '0', '1', '1']);
});

it('call records go to whoever registered for them', async () => {
  lab = await openLab();
  const srf = await lab.app();
  const records: string[] = [];
  srf.on('cdr:attempt', ((source: string) => records.push(`attempt ${source}`)));
  srf.on('cdr:start', ((source: string, _time: string, role: string) => records.push(`start ${source} ${role}`)));
  srf.on('cdr:stop', ((source: string, _time: string, why: string) => records.push(`stop ${source} ${why}`)));
  srf.use('invite', (req, res) => void srf.createUAS(req, res, { localSdp: SDP }));
  await settled();
  const peer = await lab.peer();
  const invite = peer.request('INVITE', { body: SDP });
  peer.send(invite);
  const ok = await peer.next(200);
  peer.send(within(peer, invite, ok, 'ACK'));
  peer.send(within(peer, invite, ok, 'BYE'));
  await peer.next(200);
  await expect.poll(() => records).toEqual(['attempt network', 'start application uas', 'stop network normal-release']);
});

it('SIPp on both sides of a B2BUA: 200 calls without a failure', async () => {
  lab = await openLab({ patience: { timing: { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 } } });
  const srf: App = await lab.app();
  // A port can be taken between being found free and being bound.
  const start = (): ReturnType<typeof startSipp> => startSipp({ scenario: UAS, timeoutMs: 15_000 });
  const callee = await start().catch(start);
  srf.use('invite', (req, res) => void srf.createB2BUA(req, res, `sip:b@127.0.0.1:${callee.port}`).then(({ uas, uac }) => {
    uas.on('destroy', () => void uac.destroy());
    uac.on('destroy', () => void uas.destroy());
  }));
  await settled();
  const result = await runSipp({ scenario: UAC, target: { host: '127.0.0.1', port: lab.port }, calls: 200, perSecond: 100, timeoutMs: 15_000 });
  expect([result.succeeded, result.failed, result.errors]).toEqual([200, 0, '']);
  await expect.poll(() => lab.edge.gauges().strowger_dialogs).toBe(0); // the last caller has gone before his call's other leg
  await callee.stop();
});

const HEAD = `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:a@[local_ip]:[local_port]>;tag=[call_number]
Call-ID: [call_id]
Contact: <sip:a@[local_ip]:[local_port]>
Max-Forwards: 70`;
const BODY = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 0`;
const message = (text: string, retransmit = ''): string => `<send${retransmit}><![CDATA[\n\n${text}\n\n]]></send>`;
const UAC = `<?xml version="1.0"?><scenario name="caller">
${message(`INVITE sip:b@[remote_ip]:[remote_port] SIP/2.0\n${HEAD}\nTo: <sip:b@[remote_ip]:[remote_port]>\nCSeq: 1 INVITE\n${BODY}`, ' retrans="500"')}
<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200"/>
${message(`ACK sip:b@[remote_ip]:[remote_port] SIP/2.0\n${HEAD}\nTo: <sip:b@[remote_ip]:[remote_port]>[peer_tag_param]\nCSeq: 1 ACK\nContent-Length: 0`)}
<pause milliseconds="50"/>
${message(`BYE sip:b@[remote_ip]:[remote_port] SIP/2.0\n${HEAD}\nTo: <sip:b@[remote_ip]:[remote_port]>[peer_tag_param]\nCSeq: 2 BYE\nContent-Length: 0`, ' retrans="500"')}
<recv response="200"/></scenario>`;
const COPY = '[last_Via:]\n[last_From:]\n[last_To:];tag=b[call_number]\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:b@[local_ip]:[local_port]>';
const UAS = `<?xml version="1.0"?><scenario name="callee">
<recv request="INVITE"/>
${message(`SIP/2.0 180 Ringing\n${COPY}\nContent-Length: 0`)}
${message(`SIP/2.0 200 OK\n${COPY}\n${BODY}`, ' retrans="500"')}
<recv request="ACK"/><recv request="BYE"/>
${message('SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0')}
</scenario>`;
