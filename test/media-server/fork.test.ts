import { afterAll, beforeAll, expect, it } from 'vitest';
import { openForkServer, tonesIn, type ForkServer } from '../kit/fork-server.js';
import { openStage, type FsEndpoint, type Stage } from './stage.js';

/** drachtio-fsmrf's own verbs, which its types do not declare. */
type Forking = FsEndpoint & {
  forkAudioStart(options: { wsUrl: string; mixType?: string; sampling?: string; bugname?: string; metadata?: string | object }): Promise<void>;
  forkAudioSendText(bugname: string | object, metadata?: string | object): Promise<void>;
  forkAudioPause(bugname?: string, silence?: boolean): Promise<void>;
  forkAudioResume(bugname?: string): Promise<void>;
  forkAudioStop(bugname?: string | object, metadata?: string | object): Promise<void>;
};
let stage: Stage;
let service: ForkServer;
beforeAll(async () => {
  stage = await openStage();
  service = await openForkServer();
});
afterAll(async () => {
  await service.close();
  await stage.close();
});

it.each(['8000', '16k'])('forkAudioStart as drachtio-fsmrf has it, at %s', async (sampling) => {
  const { call, endpoint } = await stage.caller();
  const ep = endpoint as Forking;
  call.media.tone(440);
  const coming = service.next();
  await ep.forkAudioStart({ wsUrl: service.url, mixType: 'stereo', sampling, bugname: 'ear', metadata: { call: 'one two' } });
  const forked = await coming;
  const rate = sampling === '16k' ? 16_000 : 8_000;
  await forked.until('the caller', 5_000, () => tonesIn(forked.channel(0, 2), 440, rate));
  await ep.forkAudioSendText('ear', { digit: '1' });
  await ep.forkAudioPause('ear', true);
  await forked.until('silence', 3_000, () => forked.channel(0, 2).subarray(-800).every((s) => s === 0));
  await ep.forkAudioResume('ear');
  await forked.until('the caller again', 5_000, () => tonesIn(forked.channel(0, 2), 440, rate));
  await ep.forkAudioStop('ear', { bye: true });
  await forked.until('the end', 3_000, () => forked.closed() === 1000);
  expect(forked.texts).toEqual(['{"call":"one two"}', '{"digit":"1"}', '{"bye":true}']);
  await call.bye();
  await endpoint.destroy();
  await stage.idle();
});

it('without a name, and stopped with a text alone', async () => {
  const { call, endpoint } = await stage.caller();
  const ep = endpoint as Forking;
  const coming = service.next();
  await ep.forkAudioStart({ wsUrl: service.url });
  const forked = await coming;
  await forked.until('audio', 3_000, () => forked.frames.length > 0);
  await ep.forkAudioStop({ bye: true });
  await forked.until('the end', 3_000, () => forked.closed() === 1000);
  expect([forked.texts, forked.frames[0]?.length]).toEqual([['{"bye":true}'], 320]);
  await expect(ep.forkAudioStop()).rejects.toThrow('Operation Failed');
  await call.bye();
  await endpoint.destroy();
  await stage.idle();
});
