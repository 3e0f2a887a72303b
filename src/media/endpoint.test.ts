import { EventEmitter } from 'node:events';
import type Mrf from 'drachtio-fsmrf';
import { describe, expect, it } from 'vitest';
import { wrapEndpoint, type Endpoint } from './endpoint.js';
import { MediaLost, MediaRefused } from './errors.js';

/** fsmrf's endpoint over a media server that begins and ends playbacks when the test says so. */
class FakeMrfEndpoint extends EventEmitter {
  readonly uuid = 'ep1';
  readonly local = { sdp: 'offer' };
  readonly dialog = Object.assign(new EventEmitter(), { id: 'd1' });
  readonly conn = Object.assign(new EventEmitter(), { socket: null });
  readonly did: string[] = [];
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

function endpoint(): { ep: Endpoint; server: FakeMrfEndpoint } {
  const server = new FakeMrfEndpoint();
  const owner = { name: 'media:1', ms: new EventEmitter() as unknown as Mrf.MediaServer, limits: { commandMs: 1_000, destroyMs: 50 }, forget: () => undefined, warn: () => undefined };
  return { ep: wrapEndpoint(server as unknown as Mrf.Endpoint, owner), server };
}
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
