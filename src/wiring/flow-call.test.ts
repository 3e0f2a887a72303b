import { describe, expect, it } from 'vitest';
import { fakeEndpoint } from '../../test/fakes/calls.js';
import { CallerGone, type Call, type EndedBy } from '../calls/index.js';
import { CodecMismatch, MediaUnavailable } from '../media/index.js';
import { verbsFor } from './flow-call.js';
import type { Destinations, VoiceQueue } from './queue/index.js';
import type { Voice } from './voice.js';

interface Ended {
  readonly how: EndedBy;
  readonly status: number | undefined;
}

/** A call that cannot be answered for this reason, and what became of it. */
function unanswerable(error: Error): { call: Call; ended: Ended[] } {
  const ended: Ended[] = [];
  const life = new AbortController();
  const call = {
    over: life.signal,
    direction: 'internal',
    answer: () => Promise.reject(error),
    end(how: EndedBy, status?: number) {
      ended.push({ how, status });
      life.abort();
      return Promise.resolve();
    },
  };
  return { call: call as unknown as Call, ended };
}
const voice = { config: () => ({ recordings: { from: 'bridge' } }), tts: { pieces: () => Promise.resolve(['prompt.wav']) } } as unknown as Voice;
const nowhere: Destinations = { find: () => undefined };
const greeting = [{ text: 'Hello.', lang: 'en' as const }];

it.each<[string, Error, Ended]>([
  ['has no codec of ours', new CodecMismatch('no codec'), { how: { by: 'us', cause: 'rejected' }, status: 488 }],
  ['meets no media server', new MediaUnavailable('none is up'), { how: { by: 'us', cause: 'failed' }, status: 503 }],
  ['is gone', new CallerGone('cancelled'), { how: { by: 'us', cause: 'cancelled' }, status: 487 }],
])('a caller who %s is told so by the first step, and the flow has nobody left to go on with', async (_who, error, end) => {
  const { call, ended } = unanswerable(error);
  const verbs = verbsFor(voice, call, {} as VoiceQueue, nowhere);
  await expect(verbs.play(greeting, new AbortController().signal)).rejects.toBe(error);
  expect([ended, verbs.signal.aborted]).toEqual([[end], true]);
});

it('a queue that cannot answer its caller does not let him wait', async () => {
  const { call, ended } = unanswerable(new CodecMismatch('no codec'));
  const queue = { wait: () => Promise.reject(new Error('nobody may wait')) } as unknown as VoiceQueue;
  await expect(verbsFor(voice, call, queue, nowhere).queue({ names: ['support'], priority: 5, attributes: {}, needs: [], language: undefined })).rejects.toBeInstanceOf(CodecMismatch);
  expect(ended.length).toBe(1);
});

it('keys reach the flow from the moment of the answer, for as long as it listens', async () => {
  const endpoint = fakeEndpoint('ep1');
  const leg = { endpoint, gone: endpoint.gone, onKey: (listen: (key: string) => void) => endpoint.onDigit(listen) };
  const call = { over: new AbortController().signal, direction: 'internal', answer: () => Promise.resolve(leg) } as unknown as Call;
  const verbs = verbsFor(voice, call, {} as VoiceQueue, nowhere);
  const heard: string[] = [];
  const deaf = verbs.keys((key) => heard.push(key));
  expect(await verbs.play(greeting, new AbortController().signal)).toBe('ended');
  endpoint.press('1');
  deaf();
  endpoint.press('2');
  expect([heard, endpoint.did]).toEqual([['1'], ['play prompt.wav']]);
});

describe('an answered caller', () => {
  const answered = () => {
    const endpoint = fakeEndpoint('ep1');
    const leg = { endpoint, gone: endpoint.gone, onKey: (listen: (key: string) => void) => endpoint.onDigit(listen) };
    return { endpoint, call: { over: new AbortController().signal, direction: 'internal', answer: () => Promise.resolve(leg) } as unknown as Call };
  };

  it('hears sounds and texts in their order', async () => {
    const { endpoint, call } = answered();
    const verbs = verbsFor(voice, call, {} as VoiceQueue, nowhere);
    expect(await verbs.play([{ file: 'a.wav' }, ...greeting, { file: 'b.wav' }], new AbortController().signal)).toBe('ended');
    expect(endpoint.did).toEqual(['play a.wav prompt.wav b.wav']);
  });

  it('is listened to by nobody where no recogniser is wired, and the flow is told', () => {
    const heard: unknown[] = [];
    verbsFor(voice, answered().call, {} as VoiceQueue, nowhere).listen({ language: 'en', words: [], endSilenceMs: 700 }, (what) => heard.push(what))();
    expect(heard).toEqual([{ kind: 'unavailable', why: 'speech recognition is off' }]);
  });

  it('who is given away to nobody stays in the flow', async () => {
    const verbs = verbsFor(voice, answered().call, {} as VoiceQueue, nowhere);
    expect(await verbs.transfer({ number: '+861', trunk: 'carrier-a', timeoutMs: 1, language: undefined })).toBe('unreachable');
  });
});
