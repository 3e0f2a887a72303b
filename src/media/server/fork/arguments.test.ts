import { describe, expect, it } from 'vitest';
import { parseFork, separate } from './arguments.js';

const start = { do: 'start', name: 'audio_fork', mix: 'mono', rateHz: 8_000, metadata: undefined };
const parsed = (text: string): unknown => {
  const answer = parseFork(text);
  if (answer === 'usage' || !answer.command) return answer === 'usage' ? answer : 'refused';
  return 'url' in answer.command ? { ...answer.command, url: answer.command.url.href } : answer.command;
};

it.each<[line: string, what: unknown]>([
  ['', 'usage'],
  ['u1', 'usage'],
  ['u1 start ws://h/', 'usage'],
  ['u1 start ws://h:9/p mono 8k', { ...start, url: 'ws://h:9/p' }],
  ['u1 start wss://h/p mixed 16k', { ...start, url: 'wss://h/p', mix: 'mixed', rateHz: 16_000 }],
  ['u1 start http://h/p stereo 16000', { ...start, url: 'ws://h/p', mix: 'stereo', rateHz: 16_000 }],
  ['u1 start https://h/p stereo 24000', { ...start, url: 'wss://h/p', mix: 'stereo', rateHz: 24_000 }],
  ['u1 start ws://h mono 8k {"a":1}', { ...start, url: 'ws://h/', metadata: '{"a":1}' }],
  ['u1 start ws://h mono 8k bug1', { ...start, url: 'ws://h/', name: 'bug1' }],
  [`u1 start ws://h mono 8k bug1 '{"a": "b c"}'`, { ...start, url: 'ws://h/', name: 'bug1', metadata: '{"a": "b c"}' }],
  [`^^|u1|start|ws://h|stereo|8000||'{"who": "it's me"}'|true|false|`, { ...start, url: 'ws://h/', mix: 'stereo', metadata: `{"who": "its me"}'` }],
  ['^^|u1|start|ws://h|mono|8000|||true|false|', { ...start, url: 'ws://h/' }],
  ['u1 start ftp://h mono 8k', 'refused'],
  ['u1 start not-a-url mono 8k', 'refused'],
  ['u1 start ws://h quadro 8k', 'refused'],
  ['u1 start ws://h mono 11025', 'refused'],
  ['u1 start ws://h mono 96000', 'refused'],
  ['u1 start ws://h mono fast', 'refused'],
  ['u1 stop', { do: 'stop', name: 'audio_fork', text: undefined }],
  ['u1 stop bug1', { do: 'stop', name: 'bug1', text: undefined }],
  ['u1 stop {"bye":1}', { do: 'stop', name: 'audio_fork', text: '{"bye":1}' }],
  ['u1 stop bug1 {"bye":1}', { do: 'stop', name: 'bug1', text: '{"bye":1}' }],
  ['u1 stop {"bye":1} {"bye":1}', { do: 'stop', name: 'audio_fork', text: '{"bye":1}' }],
  ['u1 send_text', 'refused'],
  ['u1 SEND_TEXT bug1 hello', { do: 'send_text', name: 'bug1', text: 'hello' }],
  ['u1 pause', { do: 'pause', name: 'audio_fork', silence: false }],
  ['u1 pause bug1 silence', { do: 'pause', name: 'bug1', silence: true }],
  ['u1 pause bug1 blank', { do: 'pause', name: 'bug1', silence: false }],
  ['u1 resume bug1', { do: 'resume', name: 'bug1' }],
  ['u1 graceful-shutdown', { do: 'graceful-shutdown', name: 'audio_fork' }],
  ['u1 dance', 'refused'],
])('%s', (line, what) => expect(parsed(line)).toEqual(what));

describe('words', () => {
  it('are parted by blanks, however many', () => expect(separate("a  b 'c d' e")).toEqual(['a', 'b', 'c d', 'e']));
  it('may be empty where a delimiter is named', () => expect(separate('^^;a;;b')).toEqual(['a', '', 'b']));
  it('a lone quote is a letter, a backslash too', () => expect(separate(String.raw`it's \"x\"`)).toEqual(["it's", String.raw`\"x\"`]));
});
