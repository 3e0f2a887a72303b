import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileRooms } from '../../../test/kit/compile.js';
import { recognise } from '../../../test/kit/recognise.js';
import { decodeWav } from '../../audio/index.js';
import type { Language } from './ports.js';
import { createTts } from './tts.js';

const rooms = compileRooms('base', 'audio', 'speech/tts');
const cacheDir = mkdtempSync(join(tmpdir(), 'tts-'));
const tts = createTts({ cacheDir, log: { warn: () => undefined }, voice: { script: join(rooms, 'speech/tts/voice.js') } });
afterAll(async () => {
  await tts.close();
  for (const dir of [rooms, cacheDir]) rmSync(dir, { recursive: true, force: true });
});

const hear = async (text: string, lang: Language): Promise<string> => {
  const { channels } = decodeWav(readFileSync(await tts.prompt(text, lang)));
  return recognise(channels[0] ?? new Int16Array(0), lang === 'en' ? 'en' : 'zh');
};

// What is said is what was written: the voice through G.711 into a recogniser.
describe('an English prompt is understood', () => {
  it.each([
    ['I want to cancel my order.', 'i want to cancel my order'],
    ['Hello, how can I help you?', 'hello how can i help you'],
    ['Please hold.', 'please hold'],
    ['Your number is 73951.', 'your number is seven three nine five one'],
    ['For technical support please hold.', 'for technical support please hold'],
    ['Thank you, goodbye.', 'thank you goodbye'],
  ])('%s', async (text, words) => expect(await hear(text, 'en')).toBe(words));
});

describe('a Chinese prompt is understood', () => {
  it.each([
    ['我想取消订单。', '我想取消订单'],
    ['您好，请问什么时候发货？', '您好请问什么时候发货'],
    ['转人工客服', '转人工客服'],
    ['请重置密码', '请重置密码'],
    ['返回主菜单，请按9。', '返回主菜单请按九'],
    ['银行卡挂失', '银行卡挂失'],
    ['订单号码是12345。', '订单号码是幺二三四五'],
    ['价格是200', '价格是两百'],
    ['产品质量有问题', '产品质量有问题'],
    ['我的手机号码是 3-69-08', '我的手机号码是三六九零八'],
  ])('%s', async (text, words) => expect(await hear(text, 'zh-CN')).toBe(words));
});

describe('a marked-up prompt is understood', () => {
  it.each([
    ['en', '<speak>Your number is <say-as interpret-as="digits">7-39</say-as>. <break time="500ms"/> <prosody rate="slow" volume="soft">Please hold.</prosody></speak>', 'your number is seven three nine please hold'],
    ['en', '<speak>It is <say-as interpret-as="currency">$10</say-as> <sub alias="please">pls</sub></speak>', 'it is ten dollars please'],
    ['zh-CN', '<speak>订单号码是<say-as interpret-as="telephone">1234</say-as>，<emphasis>谢谢</emphasis></speak>', '订单号码是幺二三四谢谢'],
    ['zh-CN', '<speak><s>请问多少钱</s><s>价格是<say-as interpret-as="cardinal">500</say-as></s></speak>', '请问多少钱价格是五百'],
  ] as const)('%s %s', async (lang, text, words) => expect(await hear(text, lang)).toBe(words));
});

it('two languages in one sentence are said by two voices', async () => {
  const { channels } = decodeWav(readFileSync(await tts.prompt('您好 thank you goodbye', 'zh-CN')));
  const samples = channels[0] ?? new Int16Array(0);
  expect(recognise(samples, 'zh')).toMatch(/^您好/);
  expect(recognise(samples, 'en')).toMatch(/thank you goodbye$/);
});
