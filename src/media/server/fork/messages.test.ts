import { expect, it } from 'vitest';
import { parseMessage } from './messages.js';

it.each<[text: string, message: unknown]>([
  ['{"type":"transcription","data":{"text":"hi"}}', { kind: 'event', event: 'transcription', body: '{"text":"hi"}' }],
  ['{"type":"transfer","data":{"to":"1001"}}', { kind: 'event', event: 'transfer', body: '{"to":"1001"}' }],
  ['{"type":"disconnect"}', { kind: 'event', event: 'disconnect', body: undefined }],
  ['{"type":"error","data":{"code":1}}', { kind: 'event', event: 'error', body: '{"code":1}' }],
  ['{"type":"json","data":{"a":1}}', { kind: 'event', event: 'json', body: '{"type":"json","data":{"a":1}}' }],
  ['{"type":"killAudio"}', { kind: 'kill_audio' }],
  ['{"type":"playAudio"}', undefined],
  ['{"type":"constructor"}', undefined],
  ['{"type":"dance","data":{}}', undefined],
  ['[]', undefined],
  ['nonsense', undefined],
  ['null', undefined],
])('%s', (text, message) => expect(parseMessage(text)).toEqual(message));

it.each<[type: string, extension: string | undefined]>([
  ['"audioContentType":"raw","sampleRate":8000', '.r8'],
  ['"audioContentType":"raw","sampleRate":16000', '.r16'],
  ['"audioContentType":"raw","sampleRate":1', '.r16'],
  ['"audioContentType":"wave"', '.wav'],
  ['"audioContentType":"mp3"', undefined],
])('audio to play: %s', (type, extension) => {
  const message = parseMessage(`{"type":"playAudio","data":{${type},"audioContent":"AAEC","textContent":"Hi"}}`);
  expect(message).toMatchObject({ kind: 'play_audio', data: { textContent: 'Hi' } });
  expect(message).not.toHaveProperty('data.audioContent');
  expect(message?.kind === 'play_audio' && message.audio).toEqual(extension && { extension, bytes: Buffer.from([0, 1, 2]) });
});
