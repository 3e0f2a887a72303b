import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVoiceProcess, type VoiceProcess, type VoiceProcessOptions } from './voice-process.js';

/** A voice that says its own process number and the text, and misbehaves on command. */
const SCRIPT = `
import { existsSync, writeFileSync } from 'node:fs';
process.on('message', ({ id, parts: [{ text }] }) => {
  const [what, flag] = text.split(' ');
  const first = flag !== undefined && !existsSync(flag);
  if (first) writeFileSync(flag, '');
  if (what === 'die' || (what === 'die-once' && first)) process.exit(3);
  if (what === 'hang' || (what === 'hang-once' && first)) return;
  if (what === 'refuse') return process.send({ id, error: 'cannot say that', rssBytes: 1 });
  process.send({ id, wav: new TextEncoder().encode(process.pid + ' ' + text), rssBytes: what === 'fat' ? 1e12 : 1 });
});
process.on('disconnect', () => process.exit(0));
if (!existsSync(import.meta.dirname + '/mute')) process.send({ ready: true });
`;

let dir = '';
let voice: VoiceProcess;
const start = (options: Partial<VoiceProcessOptions> = {}): void => void (voice = createVoiceProcess({ script: join(dir, 'voice.mjs'), ...options }));
const say = async (text: string, urgent = true): Promise<string> => new TextDecoder().decode(await voice.ask({ do: 'say', parts: [{ do: 'say', text, lang: 'en', rate: 100, gainDb: 0 }], voices: { 'zh-CN': { voice: 'a', rate: 100 }, en: { voice: 'b', rate: 100 } } }, urgent));
const pidOf = (answer: string): string | undefined => answer.split(' ')[0];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'voice-'));
  writeFileSync(join(dir, 'voice.mjs'), SCRIPT);
});
afterEach(async () => {
  await voice.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the voice\'s process', () => {
  it('starts when first needed and answers one job after another', async () => {
    start();
    expect(voice.pid()).toBeUndefined();
    const [a, b] = await Promise.all([say('a'), say('b')]);
    expect([a, b]).toEqual([`${voice.pid()} a`, `${voice.pid()} b`]);
  });

  it('takes what a caller waits for before what is prepared', async () => {
    start();
    const order: string[] = [];
    await Promise.all([say('one', false), say('two', false), say('urgent', true)].map(async (s) => order.push((await s).split(' ')[1] ?? '')));
    expect(order).toEqual(['one', 'urgent', 'two']);
  });

  it.each(['die-once', 'hang-once'])('that should %s is replaced, and nobody notices', async (what) => {
    start({ jobMs: 1_000 });
    const before = pidOf(await say('a'));
    const answer = await say(`${what} ${join(dir, 'flag')}`);
    expect(answer).toContain(what);
    expect(pidOf(answer)).not.toBe(before);
  });

  it.each(['die', 'hang'])('is not driven into the ground by a text that makes it %s; the next one is served', async (what) => {
    start({ jobMs: 500 });
    const [bad, good] = await Promise.allSettled([say(what), say('good')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'tts.failed' } });
    expect(good).toMatchObject({ status: 'fulfilled' });
  });

  it('passes on a refusal without trying again', async () => {
    start();
    await expect(say('refuse')).rejects.toThrow('cannot say that');
  });

  it('is renewed when it has grown too large, or has worked long enough', async () => {
    start({ maxJobs: 2 });
    const pids = [pidOf(await say('a')), pidOf(await say('b')), pidOf(await say('fat')), pidOf(await say('d'))];
    expect(pids[0]).toBe(pids[1]);
    expect(new Set(pids).size).toBe(3);
  });

  it('ends when it has nothing to do, and comes back', async () => {
    start({ idleMs: 10 });
    await say('a');
    await vi.waitFor(() => expect(voice.pid()).toBeUndefined());
    expect(await say('b')).toContain('b');
  });

  it('that is kept warm is there before anybody asks, is renewed at once, and does not end', async () => {
    start({ warm: true, maxJobs: 1, idleMs: 1 });
    const first = voice.pid();
    expect(first).toBeDefined();
    expect(pidOf(await say('a'))).toBe(String(first));
    expect(voice.pid()).toBeDefined();
    expect(voice.pid()).not.toBe(first);
  });

  it('is not renewed while somebody waits', async () => {
    start({ maxJobs: 2 });
    const pids = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => say(text)))).map(pidOf);
    expect(new Set(pids.slice(0, 4)).size).toBe(1);
    expect(pids[4]).not.toBe(pids[0]);
  });

  it('is gone after close, and so is every job', async () => {
    start();
    await say('a');
    const pid = voice.pid();
    const waiting = Promise.allSettled([say('hang'), say('b')]);
    await voice.close();
    expect((await waiting).map((w) => w.status)).toEqual(['rejected', 'rejected']);
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    await expect(say('c')).rejects.toMatchObject({ code: 'tts.failed' });
  });

  it('that starts but never says it is ready is given up in time', async () => {
    writeFileSync(join(dir, 'mute'), '');
    start({ startMs: 300 });
    await expect(say('hang')).rejects.toThrow('said nothing for 300 ms');
  });

  it('that cannot be started is an error, not a hang', async () => {
    start({ script: join(dir, 'missing.mjs') });
    expect(existsSync(join(dir, 'missing.mjs'))).toBe(false);
    await expect(say('a')).rejects.toMatchObject({ code: 'tts.failed' });
  });
});
