import { expect, it } from 'vitest';
import { FakeDialog, fakeEndpoint } from '../../test/fakes/calls.js';
import { makeLeg } from './leg.js';
import type { SipDialog } from './sip-port.js';

function leg() {
  const dialog = new FakeDialog('d1');
  const endpoint = fakeEndpoint('ep1');
  const edge = new AbortController();
  const made = makeLeg({ id: 'leg1' as never, role: 'agent', dialog: dialog as unknown as SipDialog, endpoint, edgeLost: edge.signal, warn: () => undefined });
  return { leg: made, dialog, endpoint, edge };
}
const request = (body: string): object => ({ body });
const answers = () => {
  const sent: unknown[][] = [];
  return { res: { send: (...args: unknown[]) => void sent.push(args) }, sent };
};

it('frees the media when the phone hangs up', async () => {
  const t = leg();
  t.dialog.emit('destroy');
  await t.leg.hangUp();
  expect([t.leg.gone.reason, t.dialog.byes, t.endpoint.did]).toEqual(['bye', 0, ['destroy']]);
});

it('says BYE to the phone when the media server dies, once', async () => {
  const t = leg();
  t.endpoint.lose('media_lost');
  await t.leg.hangUp();
  expect([t.leg.gone.reason, t.dialog.byes]).toEqual(['media_lost', 1]);
});

it('says nothing to a SIP server that is gone, but frees the media', async () => {
  const t = leg();
  t.edge.abort();
  await Promise.resolve();
  expect([t.leg.gone.reason, t.dialog.byes, t.endpoint.did]).toEqual(['edge_lost', 0, ['destroy']]);
});

it('is over at once when the phone hung up before anybody looked', () => {
  const dialog = new FakeDialog('d1');
  dialog.connected = false;
  const made = makeLeg({ id: 'leg1' as never, role: 'caller', dialog: dialog as unknown as SipDialog, endpoint: fakeEndpoint('e'), edgeLost: new AbortController().signal, warn: () => undefined });
  expect(made.gone.reason).toBe('bye');
});

it('closes a recording while the endpoint still stands', async () => {
  const t = leg();
  t.leg.beforeEnd(() => t.endpoint.stopRecording('x'));
  await t.leg.hangUp();
  expect(t.endpoint.did).toEqual(['stop recording', 'destroy']);
});

it('lets the media server answer a re-INVITE and tells of hold and its end', async () => {
  const t = leg();
  const heard: boolean[] = [];
  t.leg.onHold((held) => heard.push(held));
  const { res, sent } = answers();
  t.dialog.emit('modify', request('m=audio 1 RTP/AVP 0\r\na=sendonly\r\n'), res);
  t.dialog.emit('modify', request('m=audio 1 RTP/AVP 0\r\na=sendrecv\r\n'), res);
  await new Promise((resolve) => setImmediate(resolve));
  expect([heard, sent.map((s) => s[0])]).toEqual([[true, false], [200, 200]]);
});

it('hears keys from the audio and from INFO', () => {
  const t = leg();
  const keys: string[] = [];
  t.leg.onKey((key) => keys.push(key));
  const { res, sent } = answers();
  t.endpoint.press('1');
  t.dialog.emit('info', request('Signal=5\r\nDuration=160\r\n'), res);
  expect([keys, sent]).toEqual([['1', '5'], [[200]]]);
});

it('hands a REFER to whoever listens, tells the phone how it goes, and refuses it where nobody does', () => {
  const t = leg();
  const { res, sent } = answers();
  const notes: string[] = [];
  Object.assign(t.dialog, { request: ({ headers, body }: { headers: Record<string, string>; body: string }) => void notes.push(`${headers['Event']} ${headers['Subscription-State']} ${body.trim()}`) });
  const refer = (to: string | undefined, cseq: number): void => void t.dialog.emit('refer', { get: (name: string) => (name === 'CSeq' ? `${cseq} REFER` : to) }, res);
  refer('<sip:1202@host>', 2);
  const stop = t.leg.onRefer((to, tell) => {
    queueMicrotask(() => tell(to === '1202' ? 200 : 486));
    return 202;
  });
  refer('<sip:1202@host;user=phone>', 3);
  refer('tel:+8613800138000', 4);
  stop();
  refer('<sip:1202@host>', 5);
  expect(sent).toEqual([[403], [202], [202], [403]]);
  return Promise.resolve().then(() => expect(notes).toEqual(['refer;id=3 terminated;reason=noresource SIP/2.0 200 OK', 'refer;id=4 terminated;reason=noresource SIP/2.0 486 Busy Here']));
});
