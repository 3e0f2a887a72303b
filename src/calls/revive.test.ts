import { describe, expect, it } from 'vitest';
import type Srf from 'drachtio-srf';
import { reviveDialog, stands } from './revive.js';
import type { SipDialog, SipPort } from './sip-port.js';

type Listener = (response: { status: number; body: string }, ack: () => void) => void;
interface Sent {
  readonly method: string;
  readonly stackDialogId: string;
  answer(status: number, body?: string): void;
  acks: number;
}
type Handling = SipDialog & { handle(req: object, res: object): void };

const ID = 'call-1@phone;from-tag=f1';
/** A SIP server whose answers the test gives. */
function server(refusal?: Error): { readonly sip: SipPort; readonly sent: Sent[]; readonly held: Set<unknown> } {
  const [sent, held]: [Sent[], Set<unknown>] = [[], new Set()];
  const srf = {
    addDialog: (dialog: unknown) => held.add(dialog),
    removeDialog: (dialog: unknown) => held.delete(dialog),
    request(_uri: string, { method, stackDialogId }: { method: string; stackDialogId: string }, done: (error: Error | null, request?: object) => void) {
      if (refusal) return done(refusal);
      let hear: Listener = () => undefined;
      const one: Sent = { method, stackDialogId, acks: 0, answer: (status, body = '') => hear({ status, body }, () => void (one.acks += 1)) };
      sent.push(one);
      done(null, { on: (_event: string, listener: Listener) => void (hear = listener) });
    },
  };
  return { sip: { srf: srf as unknown as Srf, lost: () => new AbortController().signal }, sent, held };
}
const revived = (s = server()): ReturnType<typeof server> & { readonly dialog: Handling } => ({ ...s, dialog: reviveDialog(s.sip, ID) as Handling });
/** A request of the phone, and what it was answered. */
function ask(dialog: Handling, method: string, body = ''): unknown[] {
  const answers: unknown[] = [];
  dialog.handle({ method, body }, { send: (status: number) => answers.push(status) });
  return answers;
}

describe('a dialog of the last run', () => {
  it('is held under its name, and ends with the phone’s BYE', () => {
    const { dialog, held } = revived();
    expect([held.has(dialog), dialog.id, dialog.sip.callId, dialog.connected]).toEqual([true, ID, 'call-1@phone', true]);
    const ends: string[] = [];
    dialog.on('destroy', (bye) => ends.push((bye as { method: string }).method));
    expect([ask(dialog, 'BYE'), ends, dialog.connected, held.size]).toEqual([[200], ['BYE'], false, 0]);
  });

  it('hands on what somebody listens for, and answers the rest itself', () => {
    const { dialog } = revived();
    expect([ask(dialog, 'INFO'), ask(dialog, 'OPTIONS'), ask(dialog, 'INVITE', 'v=0'), ask(dialog, 'ACK')]).toEqual([[200], [200], [488], []]);
    const heard: string[] = [];
    dialog.on('info', (req) => heard.push(req.method));
    dialog.on('modify', (req) => heard.push(req.method));
    dialog.on('ack', () => heard.push('ACK'));
    expect([ask(dialog, 'INFO'), ask(dialog, 'INVITE', 'v=0'), ask(dialog, 'ACK'), heard]).toEqual([[], [], [], ['INFO', 'INVITE', 'ACK']]);
  });

  it('is ended by BYE under its name', () => {
    const { dialog, sent, held } = revived();
    const done: unknown[] = [];
    dialog.destroy({ headers: {} }, (error: unknown) => done.push(error));
    expect([sent.map((one) => [one.method, one.stackDialogId]), dialog.connected, held.size, done]).toEqual([[['BYE', ID]], false, 0, []]);
    sent[0]?.answer(200);
    expect(done).toEqual([undefined]);
  });

  it('says so when the BYE cannot be sent', () => {
    const why = new Error('unable to find dialog');
    const { dialog } = revived(server(why));
    const done: unknown[] = [];
    dialog.destroy({ headers: {} }, (error: unknown) => done.push(error));
    expect(done).toEqual([why]);
  });

  it('takes a new description, and acknowledges the answer', async () => {
    const { dialog, sent } = revived();
    const changed = dialog.modify('v=0 new');
    sent[0]?.answer(100);
    sent[0]?.answer(200, 'v=0 theirs');
    expect([await changed, sent[0]?.method, sent[0]?.acks]).toEqual(['v=0 theirs', 'INVITE', 1]);
    const refused = dialog.modify('v=0 worse');
    sent[1]?.answer(488);
    await expect(refused).rejects.toThrow('488');
  });
});

describe('whether it stands', () => {
  it.each<[status: number, yes: boolean]>([[200, true], [405, true], [501, true], [481, false], [408, false]])('%d → %s', async (status, yes) => {
    const { sip, sent } = server();
    const answer = stands(sip, ID, 5_000);
    sent[0]?.answer(180);
    sent[0]?.answer(status);
    expect([await answer, sent[0]?.method, sent[0]?.stackDialogId]).toEqual([yes, 'OPTIONS', ID]);
  });

  it('not when the SIP server does not know it, or cannot be asked', async () => {
    expect(await stands(server(new Error('unable to find dialog')).sip, ID, 5_000)).toBe(false);
    const dead = { srf: { request: () => { throw new Error('not connected'); } } as unknown as Srf, lost: () => new AbortController().signal };
    expect(await stands(dead, ID, 5_000)).toBe(false);
  });

  it('a phone that says nothing is there', async () => {
    expect(await stands(server().sip, ID, 1)).toBe(true);
  });
});
