import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { loadConfig, Secret, type ChatField } from '../../config/index.js';
import type { Message } from '../../desk/conversations/index.js';
import { openStore } from '../../store/index.js';
import { appVisitor } from './app-party.js';
import { createBudget } from './budget.js';
import { vouched } from './customer-token.js';
import { readForm } from './form.js';
import { invitationFor, pageMatches } from './invitations.js';
import { readFrame } from './protocol.js';
import { shownMessage } from './shown.js';
import { transcriptOf } from './transcript.js';
import { createVisitors } from './visitors.js';

const label = { 'zh-CN': '字段', en: 'Field' };
const field = (name: string, more: Partial<ChatField> = {}): ChatField => ({ name, label, kind: 'text', required: false, maxLength: 20, choices: [], ...more });

describe('the form before', () => {
  const form = [field('name', { required: true }), field('email', { kind: 'email' }), field('phone', { kind: 'phone' }), field('topic', { kind: 'choice', choices: [{ name: 'refund', label, queue: 'refunds' }, { name: 'other', label, queue: undefined }] })];
  const read = (given: Record<string, string>) => readForm({ form, queue: 'support' }, given);
  it('tells name, address, number and where the question waits', () => {
    expect(read({ name: ' 张伟 ', email: 'a@b.example', phone: '+86 138', topic: 'refund' })).toEqual({ form: { name: '张伟', email: 'a@b.example', phone: '+86 138', topic: 'refund' }, name: '张伟', email: 'a@b.example', phone: '+86 138', queue: 'refunds' });
    expect(read({ name: 'x', topic: 'other' })).toMatchObject({ queue: 'support', email: undefined });
  });
  it.each<[string, Record<string, string>, string[]]>([
    ['missing', {}, ['name']], ['no address', { name: 'x', email: 'nobody' }, ['email']], ['too long', { name: 'x'.repeat(21) }, ['name']], ['no choice', { name: 'x', topic: 'vip' }, ['topic']], ['not asked for', { name: 'x', queue: 'vip' }, ['queue']],
    ['no number', { name: 'x', phone: 'call me' }, ['phone']],
  ])('%s', (_what, given, fields) => {
    expect(() => read(given)).toThrow(expect.objectContaining({ code: 'chat.form', fields }) as Error);
  });
});

describe('invitations', () => {
  it.each([
    ['*/prices*', 'https://a.example/prices/big?x=1', true], ['*/prices', 'https://a.example/prices?x=1', true], ['*/prices', 'https://a.example/prices/x', false], ['https://a.example/', 'https://a.example/#top', true], ['*a*a*', 'xa', false],
  ])('%s fits %s: %s', (pattern, url, fits) => expect(pageMatches(pattern, url)).toBe(fits));
  it('come once each, after enough pages', () => {
    const one = { name: 'p', pages: ['*'], afterMs: 0, minPages: 2, text: label };
    const ask = (pages: number, made: string[] = []) => invitationFor([one], { url: 'https://a.example/', pages, made: new Set(made) })?.name;
    expect([ask(1), ask(2), ask(2, ['p'])]).toEqual([undefined, 'p', undefined]);
  });
  it('a pattern made to be slow is not', () => {
    const began = performance.now();
    pageMatches('*a'.repeat(150), `https://a.example/${'a'.repeat(900)}b`);
    expect(performance.now() - began).toBeLessThan(50);
  });
});

describe('a customer token', () => {
  const secret = new Secret('a secret of more than thirty-two characters');
  const sign = (claims: Record<string, unknown>, { alg = 'HS256', aud = 'strowger-chat', exp = '5m', key = secret.reveal() } = {}) => new SignJWT(claims).setProtectedHeader({ alg }).setAudience(aud).setIssuedAt().setExpirationTime(exp).sign(new TextEncoder().encode(key));
  it('is taken for what it says', async () => {
    expect(await vouched(await sign({ sub: 'M1', name: 'Li', phone: '+8613800138000' }), secret)).toEqual({ sub: 'M1', name: 'Li', phone: '+8613800138000' });
  });
  it('of another key, audience, algorithm, too old or without a subject is not', async () => {
    const wrong = [sign({ sub: 'M1' }, { key: 'x'.repeat(40) }), sign({ sub: 'M1' }, { aud: 'other' }), sign({ sub: 'M1' }, { alg: 'HS512', key: 'x'.repeat(64) }), sign({ sub: 'M1' }, { exp: '-1m' }), sign({}), sign({ sub: 'M1', email: 'no address' })];
    for (const token of await Promise.all(wrong)) await expect(vouched(token, secret)).rejects.toMatchObject({ code: 'chat.bad_customer_token' });
    await expect(vouched(await sign({ sub: 'M1' }), undefined)).rejects.toMatchObject({ code: 'chat.bad_customer_token' });
  });
});

it('a budget fills again, and is one\'s own', () => {
  let now = 0;
  const budget = createBudget({ most: () => 2, windowMs: 1_000, now: () => now });
  expect([budget.take('a'), budget.take('a'), budget.take('a'), budget.take('b')]).toEqual([true, true, false, true]);
  now = 500;
  expect([budget.take('a'), budget.take('a')]).toEqual([true, false]);
});

it('frames are read strictly', () => {
  expect(readFrame('{"type":"say","client_id":"1","text":"hi"}')).toEqual({ type: 'say', client_id: '1', text: 'hi' });
  for (const bad of ['', '[]', '{"type":"say","client_id":"1","visibility":"internal"}', '{"type":"page","url":"javascript:alert(1)"}', '{"type":"rate","rating":9}']) expect(readFrame(bad), bad).toBeUndefined();
});

const message = (over: Partial<Message> = {}): Message => ({ conversation: 'c', seq: 1, id: 'm', clientId: 'k', at: 0, by: 'agent:1001', byName: 'Lin', kind: 'text', visibility: 'public', text: 'hi', file: null, data: null, ...over });
it('what a visitor sees has no IDs of the house; a transcript has no notes', () => {
  const files = { get: () => { throw new Error(); }, links: { sign: () => '', valid: () => false } };
  expect(JSON.stringify([shownMessage(message(), files, 0), shownMessage(message({ kind: 'event', text: 'assigned', by: 'queue', data: { agent: '1001', name: 'Lin' } }), files, 0)])).not.toMatch(/1001|"k"/);
  const { text } = transcriptOf({ language: 'zh-CN' }, [message(), message({ by: 'visitor:v', text: '好' }), message({ visibility: 'internal', text: 'VIP' }), message({ kind: 'event', text: 'ended' })], () => 'f');
  expect(text).toBe('1970-01-01 00:00:00 UTC  Lin: hi\n1970-01-01 00:00:00 UTC  我: 好');
});

it('invitations without a trail are refused at the door', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chat-'));
  const write = (more: string): void => writeFileSync(join(dir, 'chat.yaml'), `chat:\n  invitations: [ { name: a, pages: ["*"], text: { zh-CN: 你好, en: Hi } } ]\n${more}`);
  write('');
  expect(() => loadConfig(dir)).toThrow('they need "trail"');
  write('  trail: { ask: { zh-CN: 可以吗, en: May we? } }\n');
  expect(loadConfig(dir).chat.invitations).toMatchObject([{ name: 'a', afterMs: 20_000 }]);
  rmSync(dir, { recursive: true });
});

it('where a customer has been, in the browser or in an app, goes with him', async () => {
  const store = await openStore({ path: ':memory:' });
  const visitors = createVisitors({ store, sessionMs: () => 1_000, now: () => 5 });
  const { visitor } = visitors.create('en');
  visitors.change(visitor.id, { customer: 'cus_1' });
  for (const id of [visitor.id, appVisitor('cus_1'), appVisitor('cus_2')]) visitors.visited(id, { url: `app://${id}`, title: null });
  visitors.forget('cus_1');
  expect([visitor.id, appVisitor('cus_1'), appVisitor('cus_2')].map((id) => visitors.pages(id, 9).length)).toEqual([0, 0, 1]);
  await store.close();
});
