import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rejection } from './create.js';
import { SipSyntaxError } from './errors.js';
import { formatNameAddr, parseNameAddr } from './name-addr.js';
import { parseMessage } from './parse.js';
import { serialize } from './serialize.js';
import type { SipMessage } from './types.js';
import { formatUri, parseUri } from './uri.js';
import { formatVia, parseVia } from './via.js';

const sample = Buffer.from(
  'INVITE sip:4000@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8::9]:5062;branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\n' +
    'From: "Ann \\"A\\"" <sip:ann@example.com>;tag=1\r\nTo: <sip:4000@192.0.2.1>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n' +
    'Contact: <sip:ann@192.0.2.9:5062;transport=tcp>\r\nRecord-Route: <sip:p1;lr>, <sip:p2;lr>\r\nContent-Length: 5\r\n\r\nhello',
);

/** The message, or undefined when it was refused in the one way it may be. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    rejection(error);
    return undefined;
  }
}

const plain = (m: SipMessage): unknown => ({ ...m, headers: [...m.headers.entries()].filter(([name]) => name !== 'Content-Length'), body: m.body.toString('hex') });

it('whatever the bytes, refuses them in one way only', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void attempt(() => parseMessage(Buffer.from(bytes)))), { numRuns: 2_000 });
});

it('refuses or reads every truncation', () => {
  for (let length = 0; length <= sample.length; length++) {
    const m = attempt(() => parseMessage(sample.subarray(0, length)));
    expect(m !== undefined).toBe(length === sample.length);
  }
});

it('survives any few bytes being changed, and what it takes it writes back the same', () => {
  const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(sample);
      for (const [at, value] of changes) bytes[at] = value;
      const m = attempt(() => parseMessage(bytes));
      if (m) expect(plain(parseMessage(serialize(m)))).toEqual(plain(m));
    }),
    { numRuns: 3_000 },
  );
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const params = fc.array(fc.tuple(token, fc.option(token, { nil: undefined })), { maxLength: 4 }).map((list) => new Map(list));
const host = fc.constantFrom('example.com', '192.0.2.1', '2001:db8::1');
const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });

it('reads back every SIP URI it writes', () => {
  const uri = fc.record({
    kind: fc.constant('sip' as const),
    scheme: fc.constantFrom('sip' as const, 'sips' as const),
    user: fc.option(text.filter((t) => !t.includes('%')), { nil: undefined }),
    password: fc.constant(undefined),
    host, port, params,
    headers: fc.option(fc.constant('subject=hi'), { nil: undefined }),
  });
  fc.assert(fc.property(uri, (u) => {
      expect(parseUri(formatUri(u))).toEqual(u);
    }));
});

it('reads back every address it writes, however odd the display name', () => {
  const value = fc.record({ display: fc.option(text.filter((t) => !/[\r\n]/.test(t)), { nil: undefined }), uri: fc.constant('sip:a@example.com;x=1'), params });
  fc.assert(fc.property(value, (v) => {
      expect(parseNameAddr(formatNameAddr(v))).toEqual(v);
    }));
});

it('reads back every Via it writes', () => {
  fc.assert(fc.property(fc.record({ transport: fc.constantFrom('UDP', 'TCP', 'WS'), host, port, params }), (v) => {
      expect(parseVia(formatVia(v))).toEqual(v);
    }));
});

it.each<[name: string, parse: (t: string) => unknown]>([
  ['parseUri', parseUri],
  ['parseNameAddr', parseNameAddr],
  ['parseVia', parseVia],
])('%s of any text throws nothing else', (_name, parse) => {
  const hostile = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('<', '>', '"', '\\', ';', '=', ',', ':', '@', '?', '%', '[', ']', ' ', 'a', '1', '/', 'SIP/2.0/UDP ', 'sip:') }));
  fc.assert(fc.property(hostile, (t) => void attempt(() => parse(t))), { numRuns: 2_000 });
});
