import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ha1Of, Secret } from '../config/index.js';
import { NoSuchObject, NotInFile, ObjectExists, ObjectsRefused, ObjectStale, OwnedByFile, PartOfTrunk, StandsInFile } from './errors.js';
import { building, TRUNK, type Building } from './objects.fixture.js';

let b: Building;
afterEach(() => b.leave());
const me = { by: 'api:admin' };
const faults = (work: () => unknown): unknown => {
  try {
    work();
    return 'taken';
  } catch (error) {
    if (!(error instanceof ObjectsRefused)) throw error;
    return error.faults.map((f) => `${f.pointer} ${f.code}`);
  }
};
const carrier = { name: 'carrier-b', hosts: [{ uri: 'sip:b.example' }], peers: ['192.0.2.0/24'] };

describe('a file owns what stands in it', () => {
  it('so it is shown, and refuses every change', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    const trunk = b.objects.get('trunk', 'carrier-a');
    expect(trunk).toMatchObject({ owner: 'file', inFile: false, version: null, form: { name: 'carrier-a', register: { username: 'me', password: '${CARRIER}', expires_seconds: 3600 }, health: { interval_seconds: 30 } } });
    for (const change of [() => b.objects.patch('trunk', 'carrier-a', { max_calls: 1 }, me), () => b.objects.replace('trunk', 'carrier-a', carrier, me), () => b.objects.remove('trunk', 'carrier-a', me), () => b.objects.release('trunk', 'carrier-a', me)])
      expect(change).toThrow(OwnedByFile);
    expect(() => b.objects.create('trunk', { ...carrier, name: 'carrier-a' }, me)).toThrow(ObjectExists);
    expect(b.objects.list('number').map((n) => [n.id, n.owner, n.form])).toEqual([['carrier-a:+867551234xxxx', 'file', { trunk: 'carrier-a', number: '+867551234xxxx', entry: '4000' }]]);
    expect(b.objects.list('route').map((n) => [n.id, n.owner])).toEqual([['carrier-a:+86x.', 'file']]);
    expect(b.objects.list('setting').map((s) => s.id)).toEqual(['conversations', 'numbers', 'privacy', 'recording', 'registration', 'timing']);
    expect([b.applied, b.facts]).toEqual([[], []]);
  });

  it('until it is adopted, and again when it is given back', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    expect(b.objects.adopt('trunk', 'carrier-a', me)).toMatchObject({ owner: 'api', inFile: true, changedBy: 'api:admin', form: { register: { password: '${CARRIER}' } } });
    b.objects.patch('trunk', 'carrier-a', { max_calls: 7 }, { ...me, comment: 'a quiet month' });
    expect(b.objects.now().config.trunks[0]).toMatchObject({ maxCalls: 7 });
    b.write({ 'trunks.yaml': TRUNK.replace('outbound', 'max_calls: 99\n    outbound') });
    const next = b.objects.refile(b.read());
    next.adopt();
    expect([b.objects.now().config.trunks[0]?.maxCalls, b.logged.at(-1)]).toEqual([7, 'the API owns this: what the files say of it has no effect']);
    expect(() => b.objects.remove('trunk', 'carrier-a', me)).toThrow(StandsInFile);
    expect(b.objects.release('trunk', 'carrier-a', me)).toMatchObject({ owner: 'file', form: { max_calls: 99 } });
    expect(b.objects.now().config.trunks[0]?.maxCalls).toBe(99);
    expect(b.objects.versions('trunk', 'carrier-a', 10).map((v) => [v.action, v.by, v.comment, v.form?.['max_calls']])).toEqual([['released', 'api:admin', null, undefined], ['changed', 'api:admin', 'a quiet month', 7], ['adopted', 'api:admin', null, undefined]]);
    expect(b.facts.map((f) => [f.type, f.subject, (f.data as { owner: string }).owner])).toEqual([['object.changed', 'trunk:carrier-a', 'api'], ['object.changed', 'trunk:carrier-a', 'api'], ['object.changed', 'trunk:carrier-a', 'file']]);
  });

  it('and one that is adopted twice is adopted once', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    const first = b.objects.adopt('trunk', 'carrier-a', me);
    expect(b.objects.adopt('trunk', 'carrier-a', me).version).toBe(first.version);
  });
});

describe('what the API owns', () => {
  it('is in force at once, and after kill -9', async () => {
    b = await building();
    b.objects.create('trunk', carrier, me);
    b.objects.create('extension', { number: '2001', password: 'open sesame' }, me);
    b.objects.create('number', { trunk: 'carrier-b', number: '+8675512345678', extension: '2001' }, me);
    b.objects.create('route', { trunk: 'carrier-b', pattern: '+86x.', caller_id: '+8675512340000' }, me);
    b.calendars.set('shop', { weekly: {} });
    b.objects.create('calendar', { name: 'office', weekly: { 'mon-fri': '09:00-18:00' } }, me);
    b.objects.adopt('setting', 'numbers', me);
    b.objects.patch('setting', 'numbers', { international: { allowed: true, prefixes: ['+44'] } }, me);
    for (const { config, calendars } of [b.objects.now(), (await b.reopened()).now()]) {
      expect(config.trunks).toMatchObject([{ name: 'carrier-b', numbers: [{ pattern: '+8675512345678', target: { extension: '2001' } }], outbound: [{ pattern: '+86x.', callerId: '+8675512340000', format: 'e164' }] }]);
      expect(config.extensions.map((e) => e.number)).toEqual(['1001', '2001']);
      expect(config.system).toMatchObject({ international: { allowed: true, prefixes: ['+44'] }, homeCountry: 'CN' });
      expect([...calendars.keys()]).toEqual(['office']);
    }
    expect(b.applied).toHaveLength(7);
  });

  it('is told of once, also when the program was killed between the change and its fact', async () => {
    b = await building();
    b.objects.create('trunk', carrier, me);
    b.store().setMeta('objects.told', '0');
    b.facts.length = 0;
    await b.reopened();
    expect(b.facts.map((f) => [f.type, f.subject])).toEqual([['object.changed', 'trunk:carrier-b']]);
    await b.reopened();
    expect(b.facts).toHaveLength(1);
  });

  it('an alert is laid over those of the files, at once, after a restart and after a reload of the files', async () => {
    const file = 'alerts: [ { name: crowded, figure: waiting, above: 10 }, { name: slow, figure: longest_wait_s, above: 60 } ]';
    b = await building({ 'alerts.yaml': file });
    b.objects.create('alert', { name: 'unhappy', figure: 'satisfaction', below: 3.5, at_least: 10, for_s: 1.5 }, me);
    b.objects.adopt('alert', 'crowded', me);
    b.objects.patch('alert', 'crowded', { above: null, below: 2 }, me);
    expect(() => b.objects.patch('alert', 'slow', { above: 1 }, me)).toThrow(OwnedByFile);
    expect(() => b.objects.create('alert', { name: 'slow', figure: 'waiting', above: 1 }, me)).toThrow(ObjectExists);
    expect(() => b.objects.remove('alert', 'crowded', me)).toThrow(StandsInFile);
    const again = await b.reopened();
    b.write({ 'alerts.yaml': file.replace('60', '90') });
    again.refile(b.read()).adopt();
    expect(b.logged).toEqual(['the API owns this: what the files say of it has no effect', 'the API owns this: what the files say of it has no effect']);
    for (const [objects, slow] of [[b.objects, 60], [again, 90]] as const) {
      expect(objects.now().config.alerts.toSorted((x, y) => (x.name < y.name ? -1 : 1))).toEqual([
        { name: 'crowded', figure: 'waiting', queue: undefined, side: 'below', value: 2, forMs: 0, atLeast: 1 }, { name: 'slow', figure: 'longest_wait_s', queue: undefined, side: 'above', value: slow, forMs: 0, atLeast: 1 },
        { name: 'unhappy', figure: 'satisfaction', queue: undefined, side: 'below', value: 3.5, forMs: 1_500, atLeast: 10 },
      ]);
      expect(objects.list('alert').map((one) => [one.id, one.owner, one.inFile, one.form])).toEqual([
        ['crowded', 'api', true, { name: 'crowded', figure: 'waiting', queue: 'all', below: 2, for_s: 0 }], ['slow', 'file', false, { name: 'slow', figure: 'longest_wait_s', queue: 'all', above: slow, for_s: 0 }],
        ['unhappy', 'api', false, { name: 'unhappy', figure: 'satisfaction', queue: 'all', below: 3.5, for_s: 1.5, at_least: 10 }],
      ]);
    }
    expect(again.release('alert', 'crowded', me)).toMatchObject({ owner: 'file', form: { above: 10 } });
    again.remove('alert', 'unhappy', me);
    expect(again.now().config.alerts.map((one) => [one.name, one.value])).toEqual([['crowded', 10], ['slow', 90]]); // as the files have them
    expect(b.facts.map(({ subject, data }) => [subject, (data as { kind: string }).kind])).toEqual(Array.from({ length: 5 }, () => ['system', 'alert']));
  });

  it('has one winner when many change it for the same state', async () => {
    b = await building();
    const { etag } = b.objects.create('trunk', carrier, me);
    const outcomes = Array.from({ length: 20 }, (_, i) => {
      try {
        return b.objects.patch('trunk', 'carrier-b', { max_calls: i + 1 }, { by: `api:${i}`, ifMatch: etag }).form['max_calls'];
      } catch (error) {
        return error instanceof ObjectStale ? 'stale' : 'other';
      }
    });
    expect(outcomes).toEqual([1, ...Array.from({ length: 19 }, () => 'stale')]);
  });

  it('goes only while nothing refers to it', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    b.objects.create('extension', { number: '2001', password: 'open sesame' }, me);
    b.objects.create('number', { trunk: 'carrier-a', number: '+8610', extension: '2001' }, me);
    expect(faults(() => b.objects.remove('extension', '2001', me))).toEqual(['/numbers/carrier-a:+8610/extension config.unknown_reference']);
    b.objects.remove('number', 'carrier-a:+8610', me);
    b.objects.remove('extension', '2001', me);
    expect(() => b.objects.get('extension', '2001')).toThrow(NoSuchObject);
    expect(() => b.objects.release('trunk', 'nobody', me)).toThrow(NoSuchObject);
    b.objects.create('trunk', carrier, me);
    expect(() => b.objects.release('trunk', 'carrier-b', me)).toThrow(NotInFile);
    b.objects.create('number', { trunk: 'carrier-b', number: '+8620', entry: '4000' }, me);
    expect(faults(() => b.objects.remove('trunk', 'carrier-b', me))).toEqual(['/numbers/carrier-b:+8620/trunk config.unknown_reference']);
  });

  it('contradicts the files at a reload, which is refused; at a start it is left out and comes back', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    b.objects.create('number', { trunk: 'carrier-a', number: '+8610', entry: '4000' }, me);
    b.write({ 'trunks.yaml': 'trunks: []' });
    expect(faults(() => b.objects.refile(b.read()))).toEqual(['/numbers/carrier-a:+8610/trunk config.unknown_reference']);
    expect((await b.reopened()).list('number')).toEqual([]);
    expect(b.logged).toContain('an object of the API does not fit the files any more and is left out');
    b.write({ 'trunks.yaml': TRUNK });
    expect((await b.reopened()).list('number')).toHaveLength(2);
  });
});

describe('what is wrong is refused with its place, and nothing changes', () => {
  it.each<[string, 'trunk' | 'extension' | 'number' | 'route' | 'calendar' | 'alert', Record<string, unknown>, string[]]>([
    ['a trunk', 'trunk', { name: 'x', hosts: [{ uri: 'http://x' }], max_call: 3 }, ['/trunks/x/hosts/0/uri config.wrong_value', '/trunks/x/max_call config.unknown_key']],
    ['a trunk without hosts', 'trunk', { name: 'x', register: { username: 'me', password: 'p' } }, ['/trunks/x/register config.missing', '/trunks/x/name config.missing']],
    ['a name that is none', 'trunk', { name: 'a/b', peers: ['192.0.2.1'] }, ['/trunks/a~1b/name config.wrong_value']],
    ['an extension without password', 'extension', { number: '2001' }, ['/extensions/2001 config.missing']],
    ['a variable that is not set', 'extension', { number: '2001', password: '${NOT_SET}' }, ['/extensions/2001/password config.missing_secret']],
    ['one of our own settings', 'extension', { number: '2001', password: '${STROWGER_ADMIN_TOKEN}' }, ['/extensions/2001/password config.missing_secret', '/extensions/2001/password config.missing_secret']],
    ['the secret of another trunk', 'trunk', { ...carrier, credentials: { username: 'me', password: '${API_CARRIER_A_REGISTER_0000}' } }, ['/trunks/carrier-b/credentials/password config.missing_secret', '/trunks/carrier-b/credentials/password config.missing_secret']],
    ['a password with a line break', 'trunk', { ...carrier, credentials: { username: 'me', password: 'a\nB=c' } }, ['/trunks/carrier-b/credentials/password config.wrong_value', '/trunks/carrier-b/credentials/password config.plain_secret']],
    ['a number of no trunk', 'number', { trunk: 'carrier-x', number: '+86', entry: '1' }, ['/numbers/carrier-x:+86/trunk config.unknown_reference']],
    ['a number that leads to two', 'number', { trunk: 'carrier-a', number: '+86', entry: '1', extension: '1001' }, ['/numbers/carrier-a:+86 config.wrong_value']],
    ['a number to an extension that is not there', 'number', { trunk: 'carrier-a', number: '+86', extension: '1009' }, ['/numbers/carrier-a:+86/extension config.unknown_reference']],
    ['a pattern that is none', 'route', { trunk: 'carrier-a', pattern: 'abc' }, ['/routes/carrier-a:abc/pattern config.wrong_value']],
    ['hours that are none', 'calendar', { name: 'office', weekly: { monday: '09:00-18:00' } }, ['/calendars/office/weekly/monday config.wrong_value']],
    ['an alert on no figure', 'alert', { name: 'a', figure: 'wait', above: 1 }, ['/alert-rules/a/figure config.wrong_value']],
    ['an alert above and below', 'alert', { name: 'a', figure: 'waiting', above: 1, below: 2 }, ['/alert-rules/a config.wrong_value']],
    ['an alert on a share of 80', 'alert', { name: 'a', figure: 'service_level', below: 80 }, ['/alert-rules/a/below config.wrong_value']],
    ['an alert with a key of another', 'alert', { name: 'a', figure: 'waiting', above: 1, for_seconds: 3 }, ['/alert-rules/a/for_seconds config.unknown_key']],
    ['a name of an alert that is none', 'alert', { name: 'a b', figure: 'waiting', above: 1 }, ['/alert-rules/a b/name config.wrong_value']],
  ])('%s', async (_what, kind, form, expected) => {
    b = await building({ 'trunks.yaml': TRUNK });
    expect(faults(() => b.objects.create(kind, form, me))).toEqual(expected);
    expect([b.applied, b.facts, b.objects.list(kind).filter((o) => o.owner === 'api')]).toEqual([[], [], []]);
  });

  it('also what somebody else could not live with', async () => {
    b = await building({}, { wouldTake: (_next, { id, gone }) => { if (gone) throw new Error(`agent 1 needs ${id}`); } });
    b.objects.create('extension', { number: '2001', password: 'open sesame' }, me);
    expect(() => b.objects.remove('extension', '2001', me)).toThrow('agent 1 needs 2001');
    expect(b.objects.get('extension', '2001').owner).toBe('api');
  });

  it('names never change, and what a trunk of the API has in its form is changed there', async () => {
    b = await building();
    b.objects.create('trunk', { ...carrier, numbers: { '+86': { entry: '4000' } } }, me);
    expect(faults(() => b.objects.patch('trunk', 'carrier-b', { name: 'carrier-c' }, me))).toEqual(['/trunks/carrier-b/name config.wrong_value']);
    expect(b.objects.get('number', 'carrier-b:+86')).toMatchObject({ owner: 'api', partOf: 'carrier-b' });
    expect(() => b.objects.patch('number', 'carrier-b:+86', { entry: '5000' }, me)).toThrow(PartOfTrunk);
    expect(() => b.objects.create('number', { trunk: 'carrier-b', number: '+86', entry: '1' }, me)).toThrow(ObjectExists);
  });

  it('a number of a file is adopted alone, and its trunk stays the file\'s', async () => {
    b = await building({ 'trunks.yaml': TRUNK });
    b.objects.adopt('number', 'carrier-a:+867551234xxxx', me);
    b.objects.patch('number', 'carrier-a:+867551234xxxx', { entry: null, extension: '1001' }, me);
    expect(b.objects.now().config.trunks[0]?.numbers).toEqual([{ pattern: '+867551234xxxx', target: { extension: '1001' } }]);
    expect(b.objects.get('trunk', 'carrier-a').owner).toBe('file');
    b.objects.release('number', 'carrier-a:+867551234xxxx', me);
    expect(b.objects.now().config.trunks[0]?.numbers).toEqual([{ pattern: '+867551234xxxx', target: { entry: '4000' } }]);
  });
});

describe('passwords', () => {
  it('of trunks lie in a file that only we may read: not in the database, not in a view, not in a fact', async () => {
    b = await building();
    b.objects.create('trunk', { ...carrier, register: { username: 'me', password: 'S3cret "of" mine ' } }, me);
    const view = b.objects.get('trunk', 'carrier-b');
    expect((view.form['register'] as { password: string }).password).toMatch(/^\$\{API_CARRIER_B_REGISTER_[0-9A-F]{12}\}$/);
    expect([b.secretMode(), b.secretFile()]).toEqual([0o600, expect.stringContaining('="S3cret "of" mine "')]);
    expect(b.objects.now().config.trunks[0]?.register?.password.reveal()).toBe('S3cret "of" mine ');
    const again = await b.reopened();
    expect(again.now().config.trunks[0]?.register?.password.reveal()).toBe('S3cret "of" mine ');
    for (const text of [b.database(), inspect([view, b.facts, b.logged, again.versions('trunk', 'carrier-b', 9)], { depth: 9 })]) expect(text).not.toContain('S3cret');
  });

  it('that are not sent again stay; those that nobody refers to any more go', async () => {
    b = await building();
    b.objects.create('trunk', { ...carrier, register: { username: 'me', password: 'first' } }, me);
    const { form } = b.objects.get('trunk', 'carrier-b');
    b.objects.replace('trunk', 'carrier-b', { ...form, max_calls: 3 }, me);
    b.objects.patch('trunk', 'carrier-b', { max_cps: 2 }, me);
    expect(b.objects.now().config.trunks[0]?.register?.password.reveal()).toBe('first');
    b.objects.patch('trunk', 'carrier-b', { register: { password: 'second' } }, me);
    expect([b.objects.now().config.trunks[0]?.register?.password.reveal(), b.secretFile().includes('first')]).toEqual(['second', false]);
    b.objects.remove('trunk', 'carrier-b', me);
    expect(b.secretFile()).not.toContain('second');
  });

  it('of extensions are kept as HA1 for both algorithms, and shown to nobody', async () => {
    b = await building();
    b.objects.create('extension', { number: '2001', password: 'open sesame' }, me);
    const { md5, sha256 } = ha1Of('2001', 'strowger', new Secret('open sesame'));
    const kept = b.objects.now().config.extensions.find((e) => e.number === '2001')?.ha1;
    expect([kept?.md5.reveal(), kept?.sha256.reveal()]).toEqual([md5.reveal(), sha256.reveal()]);
    b.objects.replace('extension', '2001', { number: '2001', name: 'Lin' }, me);
    expect(b.objects.now().config.extensions.find((e) => e.number === '2001')?.ha1.md5.reveal()).toBe(md5.reveal());
    b.objects.patch('extension', '2001', { password: 'another' }, me);
    expect(b.objects.now().config.extensions.find((e) => e.number === '2001')?.ha1.md5.reveal()).not.toBe(md5.reveal());
    const shown = inspect([b.objects.get('extension', '2001'), b.objects.list('extension'), b.objects.versions('extension', '2001', 9), b.facts, b.logged], { depth: 9 });
    expect(['open sesame', md5.reveal(), sha256.reveal(), 'ha1:'].filter((secret) => shown.includes(secret))).toEqual([]);
    expect(b.database()).not.toContain('open sesame');
  });

  it('of an extension that is adopted stay what they were', async () => {
    b = await building({ 'extensions.yaml': 'extensions: [ { number: "2001", password: written-out }, { number: "2002", password: "${PHONE}" } ]' });
    const before = b.objects.now().config.extensions.map((e) => e.ha1.sha256.reveal());
    expect(b.objects.get('extension', '2001').form).toEqual({ number: '2001', may_call: { outside: true, international: true } });
    for (const number of ['1001', '2001', '2002']) b.objects.adopt('extension', number, me);
    expect(b.objects.get('extension', '2002').form['password']).toBe('${PHONE}');
    expect(new Set(b.objects.now().config.extensions.map((e) => e.ha1.sha256.reveal()))).toEqual(new Set(before));
    expect(b.database()).not.toContain('written-out');
  });
});
