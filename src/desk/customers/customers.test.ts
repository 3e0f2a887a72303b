import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, house, LIN, type House } from './house.fixture.js';
import { AttributeRefused, BadIdentity, CustomerChanged, IdentityTaken, NoSuchCustomer } from './index.js';

let h: House;
const FORM = {
  attributes: [
    { name: 'tier', type: 'choice', values: ['gold', 'plain'], queue: true }, { name: 'birthday', type: 'date', match: true }, { name: 'city', search: true, queue: true }, { name: 'children', type: 'number' },
  ],
  tags: [{ tag: 'elderly', when: 'years' }, { tag: 'busy', when: 'contacts.d7' }],
};
const RULES = { years: ({ years }: { years: Record<string, number> }) => (years['birthday'] ?? 0) >= 65, 'contacts.d7': ({ contacts }: { contacts: { d7: number } }) => contacts.d7 >= 2 };
beforeEach(async () => void (h = await house(FORM, RULES)));

describe('somebody who comes by himself', () => {
  it('is made at his first contact and known at his second, however his number is written', () => {
    const first = h.customers.resolve('phone', '138 0013 8000', { name: '张伟' });
    const again = h.customers.resolve('phone', '+86 138-0013-8000');
    expect([first.created, again]).toEqual([true, { customer: first.customer, created: false, matched: 'phone' }]);
    expect(h.customers.byIdentity('phone', '008613800138000')).toBe(first.customer);
    expect(h.types()).toEqual(['customer.created']);
  });

  it('is matched by a proven identity on another channel, and has both from then on', () => {
    const { customer } = h.customers.resolve('member_id', 'M-77', { verified: true });
    const found = h.customers.resolve('visitor', 'v1', { identities: [{ kind: 'member_id', value: 'm-77', verified: true }], name: 'Li' });
    expect(found).toEqual({ customer, created: false, matched: 'member_id' });
    expect(h.customers.view(customer).identities.map((i) => i.kind).sort()).toEqual(['member_id', 'visitor']);
    expect(h.customers.view(customer).name).toBe('Li');
  });

  it('is not taken for somebody else on his word alone: a person decides', () => {
    const known = h.customers.resolve('email', 'wang@example.com').customer;
    const { customer, created } = h.customers.resolve('visitor', 'v2', { identities: [{ kind: 'email', value: 'Wang@Example.com' }] });
    expect([created, customer === known]).toEqual([true, false]);
    const second = h.customers.resolve('visitor', 'v2', { identities: [{ kind: 'email', value: 'wang@example.com' }] });
    expect(second.customer).toBe(customer);
    expect(h.customers.suggestions(customer, 10).items.map((s) => s.why)).toEqual(['identity:email']);
  });

  it('never overwrites what is known', () => {
    const { customer } = h.customers.resolve('phone', '13800138000', { name: '张伟' });
    h.customers.resolve('phone', '13800138000', { name: '匿名', attributes: { tier: 'gold' } });
    expect([h.customers.view(customer).name, h.customers.view(customer).attributes['tier']?.value]).toEqual(['张伟', 'gold']);
  });
});

describe('what is wrong is told', () => {
  it.each([['phone', '12'], ['phone', 'abc'], ['email', 'nobody'], ['Bad Kind', 'x'], ['member_id', ' ']].slice(1))('%s %j is no identity', (kind, value) => {
    expect(() => h.customers.create({ identities: [{ kind, value }] }, LIN)).toThrow(BadIdentity);
    expect(h.customers.byIdentity(kind, value)).toBeUndefined();
  });
  it.each([{ tier: 'silver' }, { birthday: '1990-02-30' }, { children: '2' }, { colour: 'red' }])('attributes %j are refused', (attributes) => {
    expect(() => h.customers.create({ attributes }, LIN)).toThrow(AttributeRefused);
  });
  it('an identity that is another\'s is refused, and kept as a suggestion', () => {
    const a = h.customers.create({ identities: [{ kind: 'phone', value: '13800138000' }] }, LIN);
    const b = h.customers.create({ name: 'B' }, LIN);
    expect(() => h.customers.addIdentity(b.id, { kind: 'phone', value: '+8613800138000' }, LIN)).toThrow(IdentityTaken);
    expect(h.customers.suggestions(undefined, 10).items.map((s) => [s.one, s.other].sort())).toEqual([[a.id, b.id].sort()]);
  });
  it('a stale ETag changes nothing', () => {
    const a = h.customers.create({ name: 'A' }, LIN);
    const b = h.customers.patch(a.id, { name: 'B' }, LIN, a.etag);
    expect(() => h.customers.patch(a.id, { name: 'C' }, LIN, a.etag)).toThrow(CustomerChanged);
    expect([b.name, h.customers.view(a.id).name]).toEqual(['B', 'B']);
  });
});

describe('suggested merges', () => {
  it('come of one name and birthday, and of one mailbox written differently; dismissed ones stay away', () => {
    const a = h.customers.create({ name: '张伟', attributes: { birthday: '1960-01-02' }, identities: [{ kind: 'email', value: 'z.wei+shop@gmail.com' }] }, LIN);
    const b = h.customers.create({ name: '张 伟', attributes: { birthday: '1960-01-02' } }, LIN);
    const c = h.customers.create({ name: 'Zhang', identities: [{ kind: 'email', value: 'zwei@gmail.com' }] }, LIN);
    const all = h.customers.suggestions(undefined, 10).items;
    expect(all.map((s) => s.why).sort()).toEqual(['email', 'name+birthday']);
    expect(h.customers.suggestions(b.id, 10).items.map((s) => s.why)).toEqual(['name+birthday']);
    const withC = all.find((s) => s.why === 'email')!;
    expect([withC.one, withC.other].sort()).toEqual([a.id, c.id].sort());
    h.customers.dismiss(withC.id);
    h.customers.patch(c.id, { name: 'Zhang Wei' }, LIN);
    expect(h.customers.suggestions(undefined, 10).items.map((s) => s.why)).toEqual(['name+birthday']);
    h.customers.merge(a.id, b.id, LIN);
    expect(h.customers.suggestions(undefined, 10).items).toEqual([]);
  });
});

describe('tags', () => {
  const tags = (id: string): string[] => h.customers.view(id).tags.map((t) => t.tag);
  it('by rule follow an attribute, a birthday and the passing of days', () => {
    const { id } = h.customers.create({ name: '王', attributes: { birthday: '1961-11-22' } }, LIN);
    expect(tags(id)).toEqual([]);
    h.clock.now += 2 * DAY; // 22 November 2026: 65 years
    expect(tags(id)).toEqual(['elderly']);
    h.customers.count(id, 'contacts', 2, LIN);
    expect(tags(id)).toEqual(['busy', 'elderly']);
    h.clock.now += 7 * DAY;
    expect(tags(id)).toEqual(['elderly']);
    h.customers.patch(id, { attributes: { birthday: null } }, LIN);
    expect(tags(id)).toEqual([]);
  });
  it('are found by, current though nobody looked', async () => {
    const { id } = h.customers.create({ name: '王', attributes: { birthday: '1961-11-22' } }, LIN);
    h.clock.now += 2 * DAY;
    while (h.customers.sweep.step());
    expect((await h.customers.search({ tag: 'elderly', limit: 10 })).items.map((c) => c.id)).toEqual([id]);
    expect(h.facts.at(-1)).toMatchObject({ type: 'customer.tags_changed', data: { added: 'elderly', by: 'rules' } });
  });
  it('follow new rules, for everybody', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => h.customers.create({ name: `C${i}` }, LIN).id);
    while (h.customers.sweep.step());
    const { customersFile } = await import('./index.js');
    h.customers.lay(customersFile.parse({ ...FORM, tags: [{ tag: 'anybody', when: 'contacts.d7' }] }));
    h.customers.count(ids[3]!, 'contacts', 2, LIN);
    while (h.customers.sweep.step());
    expect((await h.customers.search({ tag: 'anybody', limit: 100 })).items.map((c) => c.id)).toEqual([ids[3]]);
  });
  it('by hand are put and taken', async () => {
    const { id } = h.customers.create({ name: 'A', tags: ['vip'] }, LIN);
    h.customers.tag(id, '投诉', LIN);
    expect(tags(id)).toEqual(['vip', '投诉']);
    expect((await h.customers.search({ tag: '投诉', limit: 5 })).items).toHaveLength(1);
    h.customers.untag(id, '投诉', LIN);
    expect((await h.customers.search({ tag: '投诉', limit: 5 })).items).toHaveLength(0);
  });
});

describe('who he is', () => {
  it('is proven once for all channels, for a time', () => {
    const { customer } = h.customers.resolve('phone', '13800138000', { identities: [{ kind: 'visitor', value: 'v1' }] });
    h.customers.verify(customer, { how: 'pin' }, LIN);
    expect(h.customers.known(h.customers.byIdentity('visitor', 'v1')!)?.verified).toBe(true);
    h.clock.now += 1_800_001;
    expect(h.customers.known(customer)?.verified).toBe(false);
  });
  it('is not proven by a merge', () => {
    const [a, b] = [h.customers.create({ name: 'A' }, LIN), h.customers.create({ name: 'B' }, LIN)];
    h.customers.verify(b.id, { how: 'pin' }, LIN);
    expect(h.customers.merge(a.id, b.id, LIN).verified).toBeNull();
    expect(h.customers.unmerge(b.id, LIN).verified?.how).toBe('pin');
  });
});

it('consent is the newest for each channel and purpose, with when and how, and its history stays', () => {
  const { id } = h.customers.create({ name: 'A' }, LIN);
  h.customers.setConsent(id, { channel: 'sms', purpose: 'marketing', granted: true, how: 'form' }, LIN);
  h.clock.now += 1;
  h.customers.setConsent(id, { channel: 'sms', purpose: 'marketing', granted: false, how: 'spoken' }, LIN);
  expect(h.customers.mayContact(id, 'sms', 'marketing')).toBe(false);
  expect(h.customers.mayContact(id, 'voice', 'marketing')).toBeUndefined();
  expect(h.customers.consents(id, 10).items.map((c) => [c.granted, c.how, c.by])).toEqual([[false, 'spoken', 'lin'], [true, 'form', 'lin']]);
});

it('a deleted customer is gone with those merged into it, and its number is free', async () => {
  const a = h.customers.create({ name: '张伟', identities: [{ kind: 'phone', value: '13800138000' }] }, LIN);
  const b = h.customers.create({ name: 'B', identities: [{ kind: 'email', value: 'b@example.com' }] }, LIN);
  h.customers.merge(a.id, b.id, LIN);
  h.customers.addNote(a.id, 'hello', undefined, LIN);
  h.customers.remove(b.id, LIN);
  expect([a.id, b.id].map((id) => h.customers.canonical(id))).toEqual([undefined, undefined]);
  expect(() => h.customers.view(a.id)).toThrow(NoSuchCustomer);
  expect(await h.names('张伟')).toEqual([]);
  expect(h.customers.resolve('phone', '13800138000').created).toBe(true);
  const left = h.store.run(h.store.db.selectFrom('customer_notes').selectAll());
  expect(left).toEqual([]);
});

it('what mail addresses have in the middle is found with its host, and with no other', async () => {
  const [a, b, c] = ['x.zhang.wei7@example.com', 'x.zhang.wei7@example.org', 'x.zhang.wei7@1234567.com'].map((value) => h.customers.create({ name: 'W', identities: [{ kind: 'email', value }] }, LIN).id);
  const found = async (q: string) => (await h.customers.search({ q, limit: 10 })).items.map((one) => one.id);
  expect(await found('zhang.wei7@example.com')).toEqual([a]);
  expect(await found('wei7@example.o')).toEqual([b]);
  expect(await found('wei7@exa')).toEqual([b, a]);
  expect(await found('wei7@1234567')).toEqual([c]);
  expect(await found('wei7@')).toEqual([c, b, a]);
});

it('a whole mail address finds its one owner, within what the asker may see', async () => {
  const owner = h.customers.create({ name: 'Zhang Wei', tags: ['vip'], identities: [{ kind: 'email', value: 'Zhang.Wei7@example.com' }] }, LIN).id;
  h.customers.create({ name: 'Wei', identities: [{ kind: 'email', value: 'yzhang.wei7@example.com' }] }, LIN);
  const found = async (query: object) => (await h.customers.search({ limit: 10, ...query })).items.map((c) => c.id);
  expect(await found({ q: ' ZHANG.wei7@Example.com ' })).toEqual([owner]);
  expect(await found({ q: 'zhang.wei7@example.com', tag: 'vip' })).toEqual([owner]);
  expect(await found({ q: 'zhang.wei7@example.com', tag: 'other' })).toEqual([]);
  expect(await found({ q: 'zhang.wei7@' })).toHaveLength(2);
});
