import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { house, LIN } from './house.fixture.js';
import { NotMerged, SameCustomer } from './index.js';

const FORM = { attributes: [{ name: 'tier' }, { name: 'city' }] };

describe('two that are one', () => {
  it('count as one under either ID, with everything of both and where it came from', async () => {
    const { customers, names } = await house(FORM);
    const a = customers.create({ name: '张伟', attributes: { tier: 'gold' }, identities: [{ kind: 'phone', value: '13800138000' }], tags: ['vip'] }, LIN);
    const b = customers.create({ name: 'Zhang Wei', attributes: { tier: 'plain', city: 'Shenzhen' }, identities: [{ kind: 'email', value: 'zw@example.com' }] }, { by: 'omar' });
    customers.addNote(b.id, 'likes tea', undefined, LIN);
    const one = customers.merge(a.id, b.id, LIN, 'same person');
    expect([customers.canonical(b.id), customers.view(b.id).id, customers.byIdentity('email', 'zw@example.com')]).toEqual([a.id, a.id, a.id]);
    expect(one.identities.map((i) => [i.kind, i.from])).toEqual([['email', b.id], ['phone', a.id]]);
    expect(Object.entries(one.attributes).map(([name, v]) => [name, v.value, v.from])).toEqual([['city', 'Shenzhen', b.id], ['tier', 'gold', a.id]]);
    expect(customers.notes(a.id, 10).items.map((n) => [n.text, n.from])).toEqual([['likes tea', b.id]]);
    expect(await names('example')).toEqual(['张伟']);
    expect(await names('zhang')).toEqual([]);
    expect(() => customers.merge(b.id, a.id, LIN)).toThrow(SameCustomer);
    expect(customers.merges(a.id).map((m) => [m.merged, m.why, m.by])).toEqual([[b.id, 'same person', 'lin']]);
  });

  it('can have what the other has taken away, and it is there again after the merge is undone', async () => {
    const { customers } = await house(FORM);
    const [a, b] = [customers.create({}, LIN), customers.create({ name: 'B', attributes: { city: 'X' }, tags: ['vip'] }, LIN)];
    customers.merge(a.id, b.id, LIN);
    customers.untag(a.id, 'vip', LIN);
    const changed = customers.patch(a.id, { name: null, attributes: { city: null } }, LIN);
    expect([changed.name, changed.attributes['city'], changed.tags]).toEqual([null, undefined, []]);
    const back = customers.unmerge(b.id, LIN);
    expect([back.name, back.attributes['city']?.value, back.tags.map((t) => t.tag)]).toEqual(['B', 'X', ['vip']]);
    expect(() => customers.unmerge(b.id, LIN)).toThrow(NotMerged);
    expect(() => customers.unmerge(a.id, LIN)).toThrow(NotMerged);
  });

  it('keep what came while they were one with whom it was written for', async () => {
    const { customers } = await house(FORM);
    const [a, b] = [customers.create({ name: 'A' }, LIN), customers.create({ name: 'B' }, LIN)];
    customers.merge(a.id, b.id, LIN);
    customers.addIdentity(b.id, { kind: 'email', value: 'new@example.com' }, LIN);
    customers.unmerge(b.id, LIN);
    expect([customers.view(a.id).identities.length, customers.view(b.id).identities.length]).toEqual([1, 0]);
  });
});

it('any merges, undone in any order, leave everybody as he was', async () => {
  const fields = fc.record({ name: fc.option(fc.constantFrom('张伟', 'Li', '王芳'), { nil: null }), tier: fc.option(fc.constantFrom('gold', 'plain'), { nil: null }), tags: fc.uniqueArray(fc.constantFrom('vip', 'new', '投诉'), { maxLength: 2 }), mail: fc.boolean(), note: fc.boolean(), consent: fc.boolean(), orders: fc.nat(3) });
  await fc.assert(fc.asyncProperty(fc.array(fields, { minLength: 2, maxLength: 6 }), fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 10 }), fc.array(fc.nat(100), { minLength: 10, maxLength: 10 }), async (people, pairs, order) => {
    const { customers, store } = await house(FORM);
    const ids = people.map((p, i) => {
      const { id } = customers.create({ name: p.name, attributes: { tier: p.tier }, tags: p.tags, identities: p.mail ? [{ kind: 'email', value: `p${i}@example.com` }] : [] }, LIN);
      if (p.note) customers.addNote(id, `note ${i}`, undefined, LIN);
      if (p.consent) customers.setConsent(id, { channel: 'sms', purpose: 'ads', granted: true, how: 'form' }, LIN);
      if (p.orders > 0) customers.count(id, 'orders', p.orders, LIN);
      return id;
    });
    const look = async (): Promise<unknown> => {
      const all = ids.map((id) => ({ ...customers.view(id), etag: '', updatedAt: 0, notes: customers.notes(id, 10).items }));
      const found = (await customers.search({ limit: 100 })).items.map((c) => c.id);
      const words = await Promise.all(['example', '张伟', 'p1'].map(async (q) => (await customers.search({ q, limit: 100 })).items.map((c) => c.id)));
      return { all, found, words };
    };
    const before = await look();
    const merged: string[] = [];
    for (const [a, b] of pairs) {
      const [one, other] = [ids[a % ids.length]!, ids[b % ids.length]!];
      const [x, y] = [customers.canonical(one)!, customers.canonical(other)!];
      if (x === y) continue;
      customers.merge(one, other, LIN);
      merged.push(y);
      expect(customers.canonical(other)).toBe(x);
      expect(customers.view(one).merged).toContain(y);
    }
    const undo = merged.map((id, i) => ({ id, at: order[i] ?? 0 })).sort((p, q) => p.at - q.at);
    for (const { id } of undo) customers.unmerge(id, LIN);
    expect(await look()).toEqual(before);
    await store.close();
  }), { numRuns: 12 });
}, 60_000);
