import { EventEmitter } from 'node:events';
import type Srf from 'drachtio-srf';
import type { SipPort } from '../../src/calls/index.js';
import { MediaLost, MediaUnavailable, type Endpoint, type MediaPool } from '../../src/media/index.js';

/** A dialog that notes what was done to it. */
export class FakeDialog extends EventEmitter {
  connected = true;
  byes = 0;
  readonly sip = { callId: 'call-id', localTag: 'l', remoteTag: 'r' };
  readonly local = { uri: '', sdp: '' };
  constructor(readonly id: string, readonly remote = { uri: '', sdp: 'answer' }) {
    super();
  }
  destroy(_options: object, done: (error: unknown) => void): void {
    this.byes += 1;
    this.connected = false;
    done(null);
  }
}

export interface FakeInvite {
  readonly uri: string;
  readonly headers: Record<string, string>;
  cancels: number;
  provisional(status: number, sdp?: string): void;
  answer(): FakeDialog;
  refuse(status: number): void;
}

/** A SIP server that does what the test says, one INVITE at a time. */
export function fakeSip(): { port: SipPort; invites: FakeInvite[]; lose(): void } {
  const invites: FakeInvite[] = [];
  const life = new AbortController();
  const createUAC = (uri: string, options: { headers: Record<string, string> }, hooks: { cbRequest: (error: null, request: object) => void; cbProvisional: (res: object) => void }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const invite: FakeInvite = {
        uri,
        headers: options.headers,
        cancels: 0,
        provisional: (status, sdp = '') => hooks.cbProvisional({ status, body: sdp }),
        answer() {
          const dialog = new FakeDialog(`dialog of ${uri}`);
          resolve(dialog);
          return dialog;
        },
        refuse: (status) => reject(Object.assign(new Error(`refused ${status}`), { status })),
      };
      invites.push(invite);
      hooks.cbRequest(null, {
        cancel(done: (error: unknown) => void) {
          invite.cancels += 1;
          done(null);
        },
      });
    });
  const port: SipPort = { srf: { createUAC } as unknown as Srf, lost: () => life.signal };
  return { port, invites, lose: () => life.abort() };
}

export interface FakeEndpoint extends Endpoint {
  readonly did: string[];
  readonly press: (key: string) => void;
  lose(why: 'media_lost' | 'media_timeout'): void;
}

export function fakeEndpoint(uuid: string): FakeEndpoint {
  const life = new AbortController();
  const keys = new Set<(key: string) => void>();
  const did: string[] = [];
  const note = (what: string): Promise<void> => {
    did.push(what);
    return Promise.resolve();
  };
  return {
    uuid, server: 'media:1', localSdp: `offer of ${uuid}`, dialogId: `media dialog of ${uuid}`, gone: life.signal, did,
    press: (key) => keys.forEach((listen) => listen(key)),
    lose: (why) => life.abort(why),
    play: (files) => note(`play ${files.join(' ')}`).then(() => 'done' as const),
    stop: () => note('stop'),
    onDigit: (listen) => (keys.add(listen), () => void keys.delete(listen)),
    bridge: (other) => note(`bridge ${other.uuid}`),
    unbridge: () => note('unbridge'),
    modify: (sdp) => note(`modify ${sdp}`).then(() => `answer of ${uuid}`),
    startRecording: () => note('record'),
    stopRecording: () => note('stop recording'),
    record: (path, { maxMs, silenceMs }) => note(`record ${path.split('/').at(-1) ?? ''} ${maxMs} ${silenceMs}`),
    canFork: true,
    fork: ({ name, url }) => note(`fork ${name} ${url}`),
    stopFork: (name) => note(`stop fork ${name}`),
    set: () => Promise.resolve(),
    async destroy() {
      await note('destroy');
      life.abort('destroyed');
    },
  };
}

export function fakePool(): MediaPool & { readonly made: FakeEndpoint[]; down: boolean } {
  const made: FakeEndpoint[] = [];
  const pool = {
    made,
    down: false,
    up: () => (pool.down ? 0 : 1),
    servers: () => [],
    create() {
      if (pool.down) return Promise.reject(new MediaUnavailable('none is up'));
      const endpoint = fakeEndpoint(`ep${made.length + 1}`);
      made.push(endpoint);
      return Promise.resolve(endpoint);
    },
    resume: () => Promise.reject(new MediaLost('nothing outlives a test')),
    kill: () => Promise.resolve(),
    endpoints: () => made.length,
    onChange: () => undefined,
    close: () => undefined,
  };
  return pool;
}
