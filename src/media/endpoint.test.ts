import { EventEmitter } from 'node:events';
import type Mrf from 'drachtio-fsmrf';
import { describe, expect, it } from 'vitest';
import { wrapEndpoint, type OwnedEndpoint } from './endpoint.js';
import { MediaLost, MediaRefused } from './errors.js';

/** fsmrf's endpoint over a media server that begins and ends playbacks when the test says so. */
class FakeMrfEndpoint extends EventEmitter {
  readonly uuid = 'ep1';
  readonly local = { sdp: audio('sendrecv') };
  readonly dialog = Object.assign(new EventEmitter(), {
    id: 'd1',
    modify: (sdp: string): Promise<string> => {
      this.did.push(`modify ${sdp.trim()}`);
      return Promise.resolve(this.answer);
    },
  });
  readonly conn = Object.assign(new EventEmitter(), { socket: null });
  readonly did: string[] = [];
  answer = audio('sendrecv');
  private playbacks: ((event: { getHeader: (name: string) => string }) => void)[] = [];

  execute(app: string, arg = ''): Promise<unknown> {
    this.did.push(`${app} ${arg}`);
    return new Promise((resolve) => this.playbacks.push(resolve));
  }
  api(command: string, args: string[]): Promise<{ getBody: () => string }> {
    this.did.push([command, ...args].join(' '));
    if (command === 'uuid_break') this.end();
    return Promise.resolve({ getBody: () => '+OK' });
  }
  destroy(): Promise<void> {
    return Promise.resolve();
  }
  begin(): void {
    this.conn.emit('esl::event::CHANNEL_EXECUTE::ep1', { getHeader: () => 'playback' });
  }
  end(response = 'FILE PLAYED'): void {
    this.playbacks.shift()?.({ getHeader: () => response });
  }
}

function endpoint(remoteSdp?: string, canFork = true): { ep: OwnedEndpoint; server: FakeMrfEndpoint } {
  const server = new FakeMrfEndpoint();
  const owner = { name: 'media:1', ms: new EventEmitter() as unknown as Mrf.MediaServer, canFork, limits: { commandMs: 1_000, destroyMs: 50 }, rtpTimeoutMs: 5_000, remoteSdp, forget: () => undefined, warn: () => undefined };
  return { ep: wrapEndpoint(server as unknown as Mrf.Endpoint, owner), server };
}
const audio = (direction: string): string => `m=audio 4000 RTP/AVP 0\na=${direction}\n`;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('playing', () => {
  it('joins several files into one, so that one break ends them all', async () => {
    const { ep, server } = endpoint();
    const said = ep.play(['a.wav', 'b.wav']);
    await turn();
    server.end();
    expect([await said, server.did]).toEqual(['done', ['playback file_string://a.wav!b.wav']]);
  });

  it('holds a break back until the media server has begun, since FreeSWITCH would forget it', async () => {
    const { ep, server } = endpoint();
    const music = ep.play(['music.wav'], { loop: true });
    await turn();
    const stopped = ep.stop();
    await turn();
    expect(server.did.length).toBe(1);
    server.begin();
    await stopped;
    expect([await music, server.did.at(-1)]).toEqual(['stopped', 'uuid_break ep1']);
  });

  it('sends no break to a playback that ended by itself meanwhile', async () => {
    const { ep, server } = endpoint();
    const said = ep.play(['a.wav']);
    await turn();
    const stopped = ep.stop();
    server.end();
    await Promise.all([said, stopped]);
    expect(server.did).toEqual(['playback a.wav']);
  });

  it('lets the last who asks be heard, and nobody before him', async () => {
    const { ep, server } = endpoint();
    const music = ep.play(['music.wav'], { loop: true });
    await turn();
    server.begin();
    const [first, second] = [ep.play(['first.wav']), ep.play(['second.wav'])];
    expect(await music).toBe('stopped');
    expect(await first).toBe('stopped');
    await turn();
    server.end();
    expect([await second, server.did.filter((d) => d.startsWith('playback')).at(-1)]).toEqual(['done', 'playback second.wav']);
  });

  it('repeats music while it is wanted', async () => {
    const { ep, server } = endpoint();
    const music = ep.play(['m.wav'], { loop: true });
    await turn();
    server.end();
    await turn();
    expect(server.did.length).toBe(2);
    server.begin();
    await ep.stop();
    expect(await music).toBe('stopped');
  });

  it('says so when a file is missing, and gives up when the endpoint goes', async () => {
    const { ep, server } = endpoint();
    const missing = ep.play(['none.wav']);
    await turn();
    server.end('FILE NOT FOUND');
    await expect(missing).rejects.toThrow(MediaRefused);
    const cut = ep.play(['a.wav']);
    await turn();
    server.emit('destroy', { reason: 'MEDIA_TIMEOUT' });
    await expect(cut).rejects.toThrow(MediaLost);
    expect(ep.gone.reason).toBe('media_timeout');
  });
});

it('knows a media time-out by the Reason of the BYE, which may overtake the event', () => {
  const { ep, server } = endpoint();
  server.dialog.emit('destroy', { get: () => 'SIP;cause=804;text="MEDIA_TIMEOUT"' });
  server.emit('destroy', { reason: 'NORMAL_CLEARING' });
  expect(ep.gone.reason).toBe('media_timeout');
});

describe('a socket that closes without a reason', () => {
  it('waits for the BYE, which has one', async () => {
    const { ep, server } = endpoint();
    server.emit('destroy');
    await turn();
    expect(ep.gone.aborted).toBe(false);
    server.dialog.emit('destroy', { get: () => 'SIP;cause=804;text="MEDIA_TIMEOUT"' });
    expect(ep.gone.reason).toBe('media_timeout');
  });

  it('is a lost media server when no BYE comes', async () => {
    const { ep, server } = endpoint();
    server.emit('destroy');
    await new Promise((resolve) => ep.gone.addEventListener('abort', resolve, { once: true }));
    expect(ep.gone.reason).toBe('media_lost');
  });
});

describe('silence', () => {
  const limits = (server: FakeMrfEndpoint): (string | undefined)[] => server.did.filter((d) => d.startsWith('uuid_setvar')).map((d) => /media_timeout_audio=(\d+)/.exec(d)?.[1]);

  it('has its limit from the beginning, beside whatever else is set', async () => {
    const { ep, server } = endpoint();
    await ep.prepare({ hold_music: 'm.wav' });
    expect(server.did).toEqual(['uuid_setvar_multi ep1 hold_music=m.wav;media_timeout=5000;media_timeout_audio=5000']);
  });

  it('has none while the phone holds, and again when it is back: told before each negotiation, as FreeSWITCH reads it then', async () => {
    const { ep, server } = endpoint();
    await ep.prepare({});
    await ep.modify(audio('sendrecv'));
    await ep.modify(audio('sendonly'));
    await ep.modify(audio('inactive'));
    await ep.modify(audio('sendrecv'));
    expect(limits(server)).toEqual(['5000', '86400000', '5000']);
    expect(server.did.map((d) => d.split(/[ \n]/)[0])).toEqual(['uuid_setvar_multi', 'modify', 'uuid_setvar_multi', 'modify', 'modify', 'uuid_setvar_multi', 'modify']);
  });

  it('has none for a caller who only listens', async () => {
    const { ep, server } = endpoint(audio('recvonly'));
    await ep.prepare({});
    expect(limits(server)).toEqual(['86400000']);
  });
});

describe('forking audio', () => {
  it('is one command, its metadata safe in quotes', async () => {
    const { ep, server } = endpoint();
    await ep.fork({ name: 'ear', url: 'ws://127.0.0.1:9/x', mix: 'mono', rateHz: 8_000, metadata: { who: "O'Hara" } });
    await ep.fork({ name: 'both', url: 'ws://127.0.0.1:9/y', mix: 'stereo', rateHz: 16_000 });
    await ep.stopFork('ear');
    expect(server.did).toEqual([
      `uuid_audio_fork ep1 start ws://127.0.0.1:9/x mono 8k ear '{"who":"O\\u0027Hara"}'`, 'uuid_audio_fork ep1 start ws://127.0.0.1:9/y stereo 16k both', 'uuid_audio_fork ep1 stop ear',
    ]);
  });

  it('is refused without being asked where the media server cannot', async () => {
    const { ep, server } = endpoint(undefined, false);
    await expect(ep.fork({ name: 'ear', url: 'ws://127.0.0.1:9/x', mix: 'mono', rateHz: 8_000 })).rejects.toThrow(MediaRefused);
    expect([ep.canFork, server.did]).toEqual([false, []]);
  });

  it('ends with the endpoint: a command that is under way fails', async () => {
    const { ep, server } = endpoint();
    server.api = () => new Promise(() => undefined);
    const forking = ep.fork({ name: 'ear', url: 'ws://127.0.0.1:9/x', mix: 'mono', rateHz: 8_000 });
    server.emit('destroy', { reason: 'NORMAL_CLEARING' });
    await expect(forking).rejects.toThrow(MediaLost);
  });
});

it('answers a new description with what the 200 says, not with a channel variable', async () => {
  const { ep, server } = endpoint();
  server.answer = audio('recvonly');
  expect([await ep.modify(audio('sendonly')), ep.localSdp]).toEqual([audio('recvonly'), audio('recvonly')]);
});
