import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder } from './house.js';

let house: Strowger;
let browser: BrowserContext;
let shop: Server;
let shopUrl = '';
const profile = mkdtempSync(join(tmpdir(), 'strowger-chrome-'));
const wrongs: string[] = [];

beforeAll(async () => {
  shop = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Shop</title><h1>Shop</h1><script src="${house.base}/chat/widget.js" data-lang="en" async></script>`);
  });
  await new Promise<void>((resolve) => { shop.listen(0, '127.0.0.1', resolve); });
  shopUrl = `http://127.0.0.1:${String((shop.address() as AddressInfo).port)}`;
  const config = folder({ 'chat.yaml': `chat:\n  origins: ["${shopUrl}"]\n  form: [ { name: name, label: { zh-CN: 姓名, en: Name }, required: true } ]\n` });
  house = await startStrowger({ agents: 1, config });
  await post('/v1/agents/1001/presence', { ttl_seconds: 600 }, 'PUT');
  await post('/v1/agents/1001/state', { state: 'available' }, 'PUT');
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium', headless: true,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
afterAll(async () => {
  await browser.close();
  await house.stop();
  await new Promise<void>((resolve) => { shop.close(() => { resolve(); }); });
  rmSync(profile, { recursive: true, force: true });
});

const post = <T>(path: string, body?: unknown, method = 'POST') => house.api<T>(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const open = async (): Promise<Page> => {
  const page = await browser.newPage();
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (line) => { if (/Content Security Policy|Refused to/i.test(line.text())) wrongs.push(line.text()); });
  return page;
};
/** The agent takes the only chat that waits. */
const take = async (): Promise<string> => {
  const { items } = await house.when<{ items: { id: string; subject: string }[] }>('/v1/offers', 10_000, (body) => body.items.length > 0);
  await post(`/v1/offers/${items[0]!.id}/accept`);
  const id = items[0]!.subject.slice('conversation:'.length);
  await post(`/v1/conversations/${id}/join`);
  return id;
};
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');

it('a visitor writes, an agent answers; reload, loss of network, typing, read marks and a picture', async () => {
  const page = await open();
  await page.goto(`${house.base}/chat/?lang=en`);
  await page.fill('#before input[name=name]', 'Wei <img src=x onerror=alert(1)>');
  await page.click('#before button');
  const id = await take();
  await page.fill('#text', 'Where is <b>my order</b>?');
  await house.when(`/v1/conversations/${id}`, 5_000, (c: { state: string }) => c.state === 'talking');
  await page.press('#text', 'Enter');
  await page.waitForSelector('#messages li.visitor:not(.waiting) >> text=Where is <b>my order</b>?');
  await post(`/v1/conversations/${id}/typing`, { on: true });
  await page.waitForSelector('#typing:not([hidden])');
  await post(`/v1/conversations/${id}/messages`, { text: 'On its way <script>alert(1)</script>' });
  await page.waitForSelector('#messages li.agent >> text=On its way <script>alert(1)</script>');
  expect(await page.locator('#messages img, #messages script, #messages b').count()).toBe(0);
  // He has read it, and so has the agent what he wrote.
  await house.when(`/v1/conversations/${id}`, 5_000, (c: { last_seq: number; parties: { party: string; read: number }[] }) => c.parties.some((p) => p.party.startsWith('visitor:') && p.read === c.last_seq));
  const { body } = await house.api<{ last_seq: number }>(`/v1/conversations/${id}`);
  await post(`/v1/conversations/${id}/read`, { seq: body.last_seq }, 'PUT');
  await page.waitForSelector('#messages li.visitor .mark >> text=read');

  await page.reload();
  await page.waitForSelector('#messages li.agent >> text=On its way');
  expect(await page.locator('#messages li.visitor').count()).toBe(1);

  await browser.setOffline(true);
  await page.waitForSelector('#status >> text=Connection lost');
  await page.fill('#text', 'written in a tunnel');
  await page.press('#text', 'Enter');
  await page.waitForSelector('#messages li.visitor.waiting');
  await post(`/v1/conversations/${id}/messages`, { text: 'sent meanwhile' });
  await browser.setOffline(false);
  await page.waitForSelector('#messages li.visitor:not(.waiting) >> text=written in a tunnel', { timeout: 20_000 });
  await page.waitForSelector('#messages li.agent >> text=sent meanwhile');

  await page.setInputFiles('#file', { name: 'broken.png', mimeType: 'image/png', buffer: PICTURE });
  const picture = page.locator('#messages li.visitor img');
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((shown: unknown) => (shown as { naturalWidth: number }).naturalWidth)).toBe(1);
  const { items } = (await house.api<{ items: { text: string; kind: string; by: string }[] }>(`/v1/conversations/${id}/messages`)).body;
  expect(items.filter((m) => m.kind !== 'event').map((m) => m.text)).toEqual(['Where is <b>my order</b>?', 'On its way <script>alert(1)</script>', 'sent meanwhile', 'written in a tunnel', '']);

  await page.click('#end');
  await page.check('#rating input[value="4"]');
  await page.click('#rating button');
  await house.when(`/v1/conversations/${id}`, 5_000, (c: { state: string; rating: number | null }) => c.state === 'ended' && c.rating === 4);
  await page.close();
});

it('stands in a frame on a page of the shop, in Chinese and English, and in no other', async () => {
  const page = await open();
  await page.goto(shopUrl);
  await page.click('button >> text=Chat');
  const frame = page.frameLocator('iframe');
  await frame.locator('#before, #messages').first().waitFor({ state: 'attached' });
  await frame.locator('h1 >> text=Chat with us').waitFor();
  await page.goto(`${house.base}/chat/?lang=zh-CN`);
  await page.waitForSelector('h1 >> text=在线客服');
  const headers = (await house.raw('/chat/')).headers.get('content-security-policy');
  expect(headers).toContain(`frame-ancestors 'self' ${shopUrl}`);
  expect(headers).toContain("default-src 'none'; script-src 'self'");
  expect(wrongs).toEqual([]);
  // The same page under another name is another site.
  const refused = page.waitForEvent('console', (line) => line.text().includes('frame-ancestors'));
  await page.goto(shopUrl.replace('127.0.0.1', 'localhost'));
  await page.click('button >> text=Chat');
  await refused;
  expect(await frame.locator('#chat').count()).toBe(0);
  await page.close();
});

it('counts on its button and in its title what was said while nobody looked, over a reload too, and has it read once it is opened', async () => {
  const page = await open();
  await page.goto(shopUrl);
  await page.click('button >> text=Chat');
  const frame = page.frameLocator('iframe');
  await frame.locator('#before input[name=name]').fill('Wei');
  await frame.locator('#before button').click();
  const id = await take();
  await frame.locator('#status >> text=You are talking with').waitFor();
  await page.click('button >> text=Chat');
  for (const text of ['one', 'two']) await post(`/v1/conversations/${id}/messages`, { text });
  const button = page.getByRole('button', { name: 'Chat, 2 new messages' });
  await button.waitFor();
  const read = async () => {
    const { last_seq: last, parties } = (await house.api<{ last_seq: number; parties: { party: string; read: number }[] }>(`/v1/conversations/${id}`)).body;
    return { last, read: Math.max(...parties.filter((p) => p.party.startsWith('visitor:')).map((p) => p.read)) };
  };
  const title = () => page.frames().find((one) => one.url().includes('/chat/'))!.title();
  const before = await read();
  expect([await button.textContent(), await page.getByRole('status').textContent(), await title(), before.read < before.last - 1]).toEqual(['Chat (2)', '2 new messages', '(2) Chat with us', true]);

  await page.reload();
  await button.waitFor();
  expect([await title(), (await read()).read]).toEqual(['(2) Chat with us', before.read]);
  await button.click();
  await expect.poll(read).toEqual({ last: before.last, read: before.last });
  await page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
  expect([await page.getByRole('status').textContent(), await title()]).toEqual(['', 'Chat with us']);
  await page.close();

  // In Chinese, without a frame, behind another tab.
  const other = await open();
  const show = (how: string) => other.evaluate(`Object.defineProperty(document, 'visibilityState', { get: () => '${how}', configurable: true }); document.dispatchEvent(new Event('visibilitychange'));`);
  await other.goto(`${house.base}/chat/?lang=zh-CN`);
  await other.waitForSelector('#messages li.agent >> text=two');
  await show('hidden');
  await post(`/v1/conversations/${id}/messages`, { text: 'three' });
  await other.waitForFunction("document.title === '(1) 在线客服'");
  expect([await other.textContent('#unread'), (await read()).read]).toEqual(['1 条新消息', before.last]);
  await show('visible');
  await other.waitForFunction("document.title === '在线客服' && document.getElementById('unread').textContent === ''");
  await expect.poll(async () => (await read()).read).toBe(before.last + 1);
  await post(`/v1/conversations/${id}/end`);
  await other.close();
  expect(wrongs.filter((line) => !line.includes('frame-ancestors'))).toEqual([]);
});
