import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ha1Of, Secret } from '../../config/index.js';
import { answerChallenge, isStale } from './client.js';
import { digestResponse, hash } from './compute.js';
import { formatDigest, parseDigest, splitChallenges } from './header.js';
import { createNonces } from './nonces.js';
import { createDigestServer, type DigestRequest } from './server.js';

describe('RFC 7616 §3.9.1, Mufasa', () => {
  const common = { method: 'GET', uri: '/dir/index.html', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', auth: { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' } };
  const ha1 = (algorithm: 'MD5' | 'SHA-256') => hash(algorithm, 'Mufasa:http-auth@example.org:Circle of Life');
  it.each<['MD5' | 'SHA-256', string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('%s', (algorithm, response) => expect(digestResponse({ ...common, algorithm, ha1: ha1(algorithm) })).toBe(response));
  it('RFC 2617 §3.5, and without qop', () => {
    const old = { algorithm: 'MD5' as const, ha1: hash('MD5', 'Mufasa:testrealm@host.com:Circle Of Life'), method: 'GET', uri: '/dir/index.html', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' };
    expect(digestResponse({ ...old, auth: { nc: '00000001', cnonce: '0a4f113b' } })).toBe('6629fae49393a05397450978507c4ef1');
    expect(digestResponse({ ...old, auth: undefined })).toBe('670fd8c2df070c60b045671b8b24ff02');
  });
});

describe('headers', () => {
  it('reads what it writes, whatever stands in the values', () => {
    const value = fc.string({ maxLength: 20 }).filter((s) => !/[\r\n]/.test(s));
    fc.assert(fc.property(value, value, (realm, nonce) => {
      const read = parseDigest(formatDigest({ realm, nonce, qop: 'auth', algorithm: 'MD5' }, 'challenge'));
      return read?.get('realm') === realm && read.get('nonce') === nonce && read.get('qop') === 'auth';
    }));
  });
  it('cuts joined challenges where a new scheme begins', () => {
    expect(splitChallenges('Digest realm="a,b", nonce="1",Digest realm="c", algorithm=MD5, Basic realm="x"')).toEqual(['Digest realm="a,b", nonce="1"', 'Digest realm="c", algorithm=MD5', 'Basic realm="x"']);
  });
  it.each(['Basic abc', 'Digest', 'Digest a', 'Digest a="x', 'Digest a=1, a=2', `Digest a="${'x'.repeat(5000)}"`, 'Digest =x'])('refuses %.30s', (text) => expect(parseDigest(text)?.size ?? 0).toBe(0));
  it('never throws on garbage', () => {
    fc.assert(fc.property(fc.string(), (s) => {
      parseDigest(`Digest ${s}`);
      splitChallenges(s);
    }));
  });
});

describe('nonces', () => {
  it('belong to one address and one time', () => {
    const nonces = createNonces({ lifeMs: 1000 });
    const nonce = nonces.make('a', 500);
    expect([nonces.check(nonce, 'a', 1500), nonces.check(nonce, 'b', 500), nonces.check(nonce, 'a', 1501)]).toEqual(['fresh', 'stale', 'stale']);
    expect(createNonces({ lifeMs: 1000 }).check(nonce, 'a', 500)).toBe('stale');
  });
  it('cannot be made up or bent', () => {
    const nonces = createNonces({ lifeMs: 1000 });
    const nonce = nonces.make('a', 500);
    fc.assert(fc.property(fc.string(), fc.nat(nonce.length - 1), fc.constantFrom('A', 'b', '_', '+', '/'), (made, i, letter) => {
      const bent = nonce.slice(0, i) + letter + nonce.slice(i + 1);
      return nonces.check(made, 'a', 500) === 'stale' && (bent === nonce || nonces.check(bent, 'a', 500) === 'stale');
    }));
  });
  it('take each count once, in any order within the window', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (counts) => {
      const nonces = createNonces({ lifeMs: 1000 });
      const nonce = nonces.make('a', 0);
      const taken = counts.filter((n) => nonces.use(nonce, n));
      return new Set(taken).size === taken.length;
    }));
    const nonces = createNonces({ lifeMs: 1000 });
    const nonce = nonces.make('a', 0);
    expect([5, 3, 4, 4, 36, 5, 4].map((n) => nonces.use(nonce, n))).toEqual([true, true, true, false, true, false, false]);
  });
  it('remember a bounded number, and take older ones for stale afterwards', () => {
    const nonces = createNonces({ lifeMs: 10_000, maxRemembered: 2 });
    const made = [100, 200, 300, 400].map((at) => nonces.make('a', at));
    made.slice(0, 3).forEach((n) => nonces.use(n, 1));
    expect(nonces.remembered()).toBe(2);
    expect(made.map((n) => nonces.check(n, 'a', 500))).toEqual(['stale', 'fresh', 'fresh', 'fresh']);
  });
});

describe('server and client together', () => {
  const password = new Secret('s3cret');
  const known = ha1Of('1001', 'strowger', password);
  const ha1 = (user: string) => (user === '1001' ? known : undefined);
  const request = (headers: Record<string, string> = {}, over: Partial<DigestRequest> = {}): DigestRequest => ({ method: 'REGISTER', uri: 'sip:strowger', source_address: '192.0.2.1', get: (n) => headers[n], ...over });
  const server = () => createDigestServer('strowger', { lifeMs: 1000 });
  const challengeOf = (s: ReturnType<typeof server>, agent = 'x') => s.challenge(request({ 'User-Agent': agent }), 0).split('\r\nWWW-Authenticate: ');
  const credentials = (challenge: string, who = { username: '1001', password }, req = { method: 'REGISTER', uri: 'sip:strowger' }) =>
    answerChallenge({ status: 401, get: (n) => (n === 'WWW-Authenticate' ? challenge : undefined) }, req, who)?.value ?? '';

  it('offers MD5 and SHA-256, each on a line of its own', () => {
    const lines = challengeOf(server());
    expect(lines.map((l) => parseDigest(l)?.get('algorithm'))).toEqual(['MD5', 'SHA-256']);
  });
  it('offers baresip 1.0 only what it does not choke on', () => expect(challengeOf(server(), 'baresip v1.0.0 (x86_64/linux)')).toHaveLength(1));
  it.each([0, 1])('takes the answer to either challenge (%i)', (i) => {
    const s = server();
    expect(s.judge(request({ Authorization: credentials(challengeOf(s)[i]!) }), ha1, 10)).toEqual({ is: 'right', user: '1001' });
  });
  it('lets the client take the strongest of joined challenges', () => {
    const s = server();
    const answered = credentials(challengeOf(s).join(', '));
    expect(parseDigest(answered)?.get('algorithm')).toBe('SHA-256');
    expect(s.judge(request({ Authorization: answered }), ha1, 10).is).toBe('right');
  });
  it('takes no answer twice', () => {
    const s = server();
    const req = request({ Authorization: credentials(challengeOf(s)[0]!) });
    expect([s.judge(req, ha1, 1).is, s.judge(req, ha1, 2).is]).toEqual(['right', 'stale']);
  });
  it.each<[why: string, change: (s: ReturnType<typeof server>) => DigestRequest, is: string]>([
    ['nothing given', () => request(), 'missing'],
    ['another realm', () => request({ Authorization: 'Digest username="1001", realm="other", nonce="n", uri="sip:strowger", response="r"' }), 'missing'],
    ['a wrong password', (s) => request({ Authorization: credentials(challengeOf(s)[1]!, { username: '1001', password: new Secret('no') }) }), 'wrong'],
    ['a user nobody knows', (s) => request({ Authorization: credentials(challengeOf(s)[1]!, { username: '1999', password }) }), 'unknown_user'],
    ['another method', (s) => request({ Authorization: credentials(challengeOf(s)[0]!) }, { method: 'INVITE' }), 'wrong'],
    ['another address', (s) => request({ Authorization: credentials(challengeOf(s)[0]!) }, { source_address: '192.0.2.9' }), 'stale'],
    ['another request URI', (s) => request({ Authorization: credentials(challengeOf(s)[0]!) }, { uri: 'sip:elsewhere' }), 'malformed'],
    ['an unknown algorithm', () => request({ Authorization: 'Digest username="1001", realm="strowger", nonce="n", uri="sip:strowger", response="r", algorithm=SHA-512' }), 'malformed'],
    ['qop without a count', () => request({ Authorization: 'Digest username="1001", realm="strowger", nonce="n", uri="sip:strowger", response="r", qop=auth' }), 'malformed'],
    ['garbage', () => request({ Authorization: 'Digest ,,,' }), 'malformed'],
  ])('%s', (_why, change, is) => {
    const s = server();
    expect(s.judge(change(s), ha1, 5).is).toBe(is);
  });
  it('lets a right password with an old nonce try again', () => {
    const s = server();
    const late = request({ Authorization: credentials(challengeOf(s)[0]!) });
    expect(s.judge(late, ha1, 5000)).toEqual({ is: 'stale', user: '1001' });
    expect(isStale({ status: 401, get: () => s.challenge(request(), 0, true).replaceAll('\r\nWWW-Authenticate: ', ',') })).toBe(true);
  });
  it('answers a proxy, keeps opaque, and does not answer what it cannot', () => {
    const at = (status: number, value: string) => answerChallenge({ status, get: (n) => (n === (status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate') ? value : undefined) }, { method: 'INVITE', uri: 'sip:x' }, { username: 'u', password }, 'c');
    expect(at(407, 'Digest realm="r", nonce="n", opaque="o"')).toEqual({ name: 'Proxy-Authorization', value: expect.stringMatching(/opaque="o"$/) });
    expect(at(401, 'Digest realm="r", nonce="n", algorithm=SHA-512')).toBeUndefined();
    expect(at(401, 'Digest realm="r", nonce="n", qop="auth-int"')).toBeUndefined();
    expect(at(401, 'Digest nonce="n"')).toBeUndefined();
    expect(answerChallenge({ status: 401, get: () => undefined }, { method: 'INVITE', uri: 'sip:x' }, { username: 'u', password })).toBeUndefined();
  });
});
