import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until, within } from '../../../../test/kit/wait.js';
import { openLab, SECRET, speakEsl, type Esl, type Lab } from '../lab.test.js';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

describe('getting in', () => {
  it('asks for authentication, takes the secret, says goodbye', async () => {
    const esl = await lab.inbound();
    expect(await esl.auth()).toBe('+OK accepted');
    expect(await esl.command('exit')).toBe('+OK bye');
    await within(2_000, 'the end', esl.closed);
    expect(esl.frames.at(-1)?.headers['Content-Type']).toBe('text/disconnect-notice');
  });

  it.each<[what: string, secret: string]>([['a wrong secret', 'wrong'], ['a shorter one', 'Clue'], ['none', '']])('%s is refused and the door shut', async (_what, secret) => {
    const esl = await lab.inbound();
    expect(await esl.auth(secret)).toMatch(secret === '' ? /^-ERR/ : /^-ERR invalid/);
    esl.send('exit\n\n');
    await within(2_000, 'the end', esl.closed);
  });

  it('nothing works before authentication', async () => {
    const esl = await lab.inbound();
    await esl.frame('auth/request');
    esl.send('api status\n\nevent json all\n\n');
    await until('two refusals', 2_000, () => esl.frames.filter((f) => f.headers['Reply-Text'] === '-ERR command not found').length === 2);
    expect(esl.frames.some((f) => f.headers['Content-Type'] === 'api/response')).toBe(false);
    esl.socket.destroy();
  });

  it('a client that says nothing is shown out', async () => {
    const hasty = await openLab({ authMs: 100 });
    const esl = await hasty.inbound();
    await within(2_000, 'the end', esl.closed);
    expect(hasty.log.some((line) => line.msg.includes('did not authenticate in time'))).toBe(true);
    await hasty.close();
  });

  it('no more than a hundred strangers at a time; who is known stays', async () => {
    const known = await lab.inbound(SECRET);
    const strangers = Array.from({ length: 110 }, () => speakEsl(connect(lab.media.eslPort, '127.0.0.1')));
    await until('strangers refused', 3_000, () => strangers.filter((s) => s.socket.destroyed).length >= 10);
    expect(await known.api('version')).toContain('FreeSWITCH');
    for (const s of strangers) s.socket.destroy();
    known.socket.destroy();
    // The door is open again as soon as they are gone.
    await until('room for the next', 3_000, async () => {
      const next = await lab.inbound();
      return next.frame('auth/request', 50).then(() => true, () => false);
    });
  });

  it.each<[what: string, bytes: string]>([
    ['a line without end', 'a'.repeat(70_000)],
    ['a body beyond measure', 'auth x\ncontent-length: 99999999\n\n'],
    ['a length that is none', 'auth x\ncontent-length: nine\n\n'],
  ])('%s: out, with a line in the log', async (_what, bytes) => {
    const esl = await lab.inbound();
    const before = lab.log.filter((l) => l.msg.includes('bad command')).length;
    esl.send(bytes);
    await within(2_000, 'the end', esl.closed);
    expect(lab.log.filter((l) => l.msg.includes('bad command')).length).toBe(before + 1);
  });

  it('bytes at random do no harm', async () => {
    for (let i = 0; i < 20; i++) {
      const esl = await lab.inbound();
      esl.socket.write(Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 31 + i * 97 + ((n * n) % 251)) & 0xff)));
      esl.socket.end('\n\n');
      await within(2_000, 'the end', esl.closed);
    }
    expect(await (await lab.inbound(SECRET)).api('status')).toContain('is ready');
  });
});

describe('commands', () => {
  let esl: Esl;
  beforeAll(async () => {
    esl = await lab.inbound(SECRET);
  });
  afterAll(() => esl.socket.destroy());

  it.each<[command: string, reply: RegExp]>([
    ['nonsense', /^-ERR command not found$/],
    ['event json HEARTBEAT', /^\+OK event listener enabled json$/],
    ['filter Unique-ID x', /^\+OK filter added\. \[Unique-ID\]=\[x\]$/],
    ['filter delete Unique-ID x', /^\+OK filter deleted\. \[Unique-ID\]\[x\]$/],
    ['nixevent HEARTBEAT', /^\+OK events nixed$/],
    ['noevents', /^\+OK no longer listening for events$/],
    ['linger', /^-ERR not controlling a session$/],
    ['nolinger', /^-ERR not controlling a session$/],
    ['divert_events on', /^-ERR not controlling a session\.$/],
    ['connect', /^-ERR command not found$/],
    ['getvar uuid', /^-ERR command not found$/],
    ['myevents 00000000-0000-0000-0000-000000000000', /^-ERR invalid uuid$/],
    ['sendmsg no-such-uuid', /^-ERR invalid session id \[no-such-uuid\]$/],
    ['log debug', /^-ERR/],
    ['sendevent NOTIFY', /^\+OK [0-9a-f-]{36}$/],
  ])('%s', async (command, reply) => {
    expect(await esl.command(command)).toMatch(reply);
  });

  it('replies come in the order of the commands, however fast these come', async () => {
    const one = await lab.inbound(SECRET);
    one.send('api version short\n\nfilter a b\n\nbgapi version\n\napi version short\n\nfilter c d\n\n');
    await until('five replies', 2_000, () => one.frames.length >= 7);
    expect(one.frames.slice(2, 7).map((f) => f.headers['Reply-Text'] ?? 'api')).toEqual([
      'api', '+OK filter added. [a]=[b]', expect.stringMatching(/^\+OK Job-UUID/), 'api', '+OK filter added. [c]=[d]',
    ]);
    one.socket.destroy();
  });

  it('a command written in pieces is answered at its first line, once, and the stream goes on', async () => {
    const one = await lab.inbound(SECRET);
    let bytes = 0;
    one.socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    one.send('api version short\n');
    await until('all but the last byte', 2_000, () => bytes > 40);
    expect(one.frames.some((f) => f.headers['Content-Type'] === 'api/response')).toBe(false);
    one.send('\n');
    expect((await one.frame('api/response')).body).toMatch(/^[\d.]+\n$/);
    expect(await one.command('filter a b')).toBe('+OK filter added. [a]=[b]');
    expect(one.frames.filter((f) => f.headers['Content-Type'] === 'api/response')).toHaveLength(1);
    one.socket.destroy();
  });

  it('what comes meanwhile waits behind the answer that is owed a byte, in order', async () => {
    const one = await lab.inbound(SECRET);
    await one.command('event json NOTIFY');
    one.send('filter Event-Name NOTIFY\n');
    const other = await lab.inbound(SECRET);
    for (const n of [1, 2, 3]) await other.command('sendevent NOTIFY', { number: String(n) });
    one.send('\n');
    await until('three events', 2_000, () => one.frames.filter((f) => f.get('Event-Name') === 'NOTIFY').length === 3);
    const last = one.frames.slice(-4).map((f) => f.headers['Reply-Text'] ?? f.get('number'));
    expect(last).toEqual(['+OK filter added. [Event-Name]=[NOTIFY]', '1', '2', '3']);
    for (const esl of [one, other]) esl.socket.destroy();
  });

  it('bgapi answers with its job and the event with that job follows', async () => {
    await esl.command('event plain BACKGROUND_JOB');
    const done = esl.event('BACKGROUND_JOB', (f) => f.get('Job-UUID') === 'my-job');
    expect(await esl.command('bgapi version short', { 'Job-UUID': 'my-job' })).toBe('+OK Job-UUID: my-job');
    const event = await done;
    expect(event.get('Job-Command')).toBe('version');
    expect(event.get('Job-Command-Arg')).toBe('short');
    expect(event.body).toMatch(/\n\n[\d.]+\n$/);
  });

  it('an event a client sends reaches whoever listens, body and all', async () => {
    const other = await lab.inbound(SECRET);
    await other.command('event json CUSTOM my::thing');
    const heard = other.event('CUSTOM');
    const body = '{"a": 1}';
    esl.send(`sendevent CUSTOM\nEvent-Subclass: my::thing\nMy-Header: Value\nContent-Length: ${body.length}\n\n${body}`);
    const event = await heard;
    expect([event.get('Event-Subclass'), event.get('My-Header'), event.get('_body')]).toEqual(['my::thing', 'Value', body]);
    other.socket.destroy();
  });
});

it('a heartbeat tells what drachtio-fsmrf shows of a media server', async () => {
  const quick = await openLab({ heartbeatMs: 20 });
  const esl = await quick.inbound(SECRET);
  await esl.command('event json HEARTBEAT');
  const beat = await esl.event('HEARTBEAT');
  expect(Number(beat.get('Max-Sessions'))).toBe(1000);
  expect(beat.get('Session-Count')).toBe('0');
  expect(Number(beat.get('Idle-CPU'))).toBeGreaterThanOrEqual(0);
  expect(beat.get('FreeSWITCH-Hostname')).not.toBe('');
  await quick.close();
});

it('a client that does not read is dropped with a line in the log, and calls do not notice (P29)', async () => {
  const deaf = await lab.inbound(SECRET);
  await deaf.command('event plain ALL');
  deaf.socket.pause();
  const { call, app } = await lab.leg();
  const loud = await lab.inbound(SECRET);
  const filler = 'x'.repeat(900_000);
  await until('the deaf client to be dropped', 15_000, () => {
    loud.send(`sendevent NOTIFY\nContent-Length: ${filler.length}\n\n${filler}`);
    return lab.log.some((line) => line.msg.includes('it does not read'));
  });
  expect((await app.execute('set', 'a=1')).get('variable_a')).toBe('1');
  expect(await loud.api('uuid_exists ' + app.uuid())).toBe('true');
  call.media.tone(600);
  await call.bye();
  await lab.idle();
  for (const esl of [deaf, loud]) esl.socket.destroy();
});
