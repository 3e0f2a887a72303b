import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { levelDb } from '../../../../test/kit/listen.js';
import { until, within } from '../../../../test/kit/wait.js';
import { openLab, SECRET, speakEsl, type Lab } from '../lab.test.js';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ connectMs: 300, authMs: 5_000 });
});
afterAll(() => lab.close());

const names = (app: { frames: readonly { get: (n: string) => string | undefined }[] }): (string | undefined)[] => app.frames.map((f) => f.get('Event-Name')).filter((n) => n !== undefined);

describe('the first exchange', () => {
  it('`connect` answers with the whole channel, as drachtio-fsmrf reads it', async () => {
    const { call, app } = await lab.leg({ headers: [['X-Custom', 'a b: c%']] });
    const data = app.frames[0]!;
    expect(data.headers['Content-Type']).toBe('command/reply');
    expect(data.get('Event-Name')).toBe('CHANNEL_DATA');
    expect(data.get('Channel-Unique-ID')).toBe(app.uuid());
    expect(data.get('variable_sip_user_agent')).toBe('strowger-kit');
    expect(data.get('variable_sip_h_X-Custom')).toBe('a b: c%');
    expect(data.get('variable_sip_call_id')).toBe(call.callId);
    expect(data.get('variable_rtp_local_sdp_str')).toContain(`m=audio ${data.get('variable_local_media_port')} RTP/AVP`);
    expect(data.get('variable_switch_r_sdp')).toContain(`m=audio ${data.get('variable_remote_media_port')} `);
    expect([data.get('variable_local_media_ip'), data.get('variable_remote_media_ip'), data.get('variable_dtmf_type')]).toEqual(['127.0.0.1', '127.0.0.1', 'rfc2833']);
    expect([data.get('Answer-State'), data.get('Channel-Call-State'), data.get('Socket-Mode'), data.get('Control')]).toEqual(['answered', 'ACTIVE', 'async', 'full']);
    await call.bye();
  });

  it('the channel is parked only once its application has greeted', async () => {
    const watch = await lab.inbound(SECRET);
    await watch.command('event json CHANNEL_PARK CHANNEL_EXECUTE');
    const phone = await lab.phone();
    const coming = lab.nextSocket();
    const call = await phone.call(`sip:x@${lab.media.sipAddress}`, { headers: [['X-esl-outbound', lab.target()]] });
    await call.answered();
    const app = speakEsl(await coming);
    await until('the socket application', 2_000, () => watch.frames.some((f) => f.get('Application') === 'socket'));
    expect(names(watch)).not.toContain('CHANNEL_PARK');
    const parked = watch.event('CHANNEL_PARK');
    app.send('connect\n\n');
    await parked;
    await call.bye();
    watch.socket.destroy();
  });
});

describe('commands on the socket', () => {
  it('getvar, linger, nolinger, filter, event and api work here too', async () => {
    const { call, app } = await lab.leg();
    expect(await app.command('getvar sip_call_id')).toBe(call.callId);
    expect(await app.command('linger')).toBe('+OK will linger');
    expect(await app.command('linger 5')).toBe('+OK will linger 5 seconds');
    expect(await app.command('nolinger')).toBe('+OK will not linger');
    expect(await app.command('divert_events on')).toMatch(/^-ERR/);
    expect(await app.api(`uuid_exists ${app.uuid()}`)).toBe('true');
    await call.bye();
  });

  it('an application runs between EXECUTE and EXECUTE_COMPLETE under the ID its client chose', async () => {
    const { call, app } = await lab.leg();
    const began = app.event('CHANNEL_EXECUTE');
    const done = await app.execute('set', 'greeting=hello ${missing}there');
    expect((await began).get('Application-UUID')).toBe(done.get('Application-UUID'));
    expect([done.get('Application'), done.get('Application-Data'), done.get('Application-Response')]).toEqual(['set', 'greeting=hello there', '_none_']);
    expect(done.get('variable_greeting')).toBe('hello there');
    expect(done.get('variable_current_application')).toBe('set');
    await call.bye();
  });

  it('two commands in one packet keep their order', async () => {
    const { call, app } = await lab.leg();
    const msg = (i: number) => `sendmsg ${app.uuid()}\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: n=${i}\nevent-uuid: o${i}\n\n`;
    app.send(Array.from({ length: 20 }, (_, i) => msg(i)).join(''));
    await app.event('CHANNEL_EXECUTE_COMPLETE', (f) => f.get('Application-UUID') === 'o19');
    const order = app.frames.filter((f) => f.get('Application-UUID')?.startsWith('o')).map((f) => `${f.get('Event-Name')?.slice(15) ?? ''}${f.get('Application-UUID') ?? ''}`);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => [`o${i}`, `_COMPLETEo${i}`]).flat());
    await call.bye();
  });

  it('an argument may come as a body', async () => {
    const { call, app } = await lab.leg();
    const body = 'who=someone\nelse';
    const done = app.event('CHANNEL_EXECUTE_COMPLETE');
    app.send(`sendmsg\ncall-command: execute\nexecute-app-name: set\ncontent-type: text/plain\ncontent-length: ${body.length}\n\n${body}`);
    expect((await done).get('variable_who')).toBe('someone\nelse');
    await call.bye();
  });

  it('an application nobody has ends the call, as FreeSWITCH does', async () => {
    const { call, app } = await lab.leg();
    await app.command(`sendmsg ${app.uuid()}`, { 'call-command': 'execute', 'execute-app-name': 'teleport' });
    const end = await call.ended();
    expect(end.by).toBe('them');
    expect(call.requests.at(-1)?.headers.find(([n]) => n === 'Reason')?.[1]).toBe('Q.850;cause=27;text="DESTINATION_OUT_OF_ORDER"');
    await within(2_000, 'the end', app.closed);
  });

  it('what this server lacks is said, and the call goes on', async () => {
    const { call, app } = await lab.leg();
    expect((await app.execute('start_dtmf')).get('Application-Response')).toMatch(/^-ERR in-band/);
    expect((await app.execute('conference', 'room')).get('Application-Response')).toBe('-ERR conference is not supported');
    expect(await call.bye()).toBe(200);
  });
});

describe('the end', () => {
  it('hang-up by the caller: state, hang-up, notice, then the socket closes', async () => {
    const { call, app, uuid } = await lab.leg();
    await call.bye();
    await within(2_000, 'the end', app.closed);
    expect(names(app).slice(-4)).toEqual(['CHANNEL_HANGUP', 'CHANNEL_CALLSTATE', 'CHANNEL_UNPARK', 'CHANNEL_EXECUTE_COMPLETE']);
    const state = app.frames.filter((f) => f.get('Event-Name') === 'CHANNEL_CALLSTATE').at(-1);
    expect([state?.get('Channel-Call-State'), state?.get('Hangup-Cause')]).toEqual(['HANGUP', 'NORMAL_CLEARING']);
    const notice = app.frames.at(-1)!;
    expect([notice.headers['Content-Type'], notice.headers['Controlled-Session-UUID'], notice.headers['Content-Disposition']]).toEqual(['text/disconnect-notice', uuid, 'disconnect']);
    await lab.idle();
  });

  it('a playback in progress is completed before the notice', async () => {
    const { call, app } = await lab.leg();
    const playing = app.event('PLAYBACK_START');
    const done = app.execute('playback', 'silence_stream://-1');
    await playing;
    await call.bye();
    expect((await done).get('Application-Response')).toBe('PLAYBACK ERROR');
    await within(2_000, 'the end', app.closed);
  });

  it('hangup by the application: BYE with its cause', async () => {
    const { call, app } = await lab.leg();
    await app.execute('hangup', 'USER_BUSY');
    expect((await call.ended()).by).toBe('them');
    expect(call.requests.at(-1)?.headers.find(([n]) => n === 'Reason')?.[1]).toBe('Q.850;cause=17;text="USER_BUSY"');
    await lab.idle();
  });

  it('sendmsg hangup', async () => {
    const { call, app } = await lab.leg();
    await app.command(`sendmsg ${app.uuid()}`, { 'call-command': 'hangup', 'hangup-cause': 'CALL_REJECTED' });
    expect((await call.ended()).by).toBe('them');
    await lab.idle();
  });

  it('lingering, the socket stays and hears HANGUP_COMPLETE', async () => {
    const { call, app } = await lab.leg({ events: 'event json CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY' });
    await app.command('linger 30');
    const complete = app.event('CHANNEL_HANGUP_COMPLETE');
    await call.bye();
    expect((await app.frame('text/disconnect-notice')).headers).toMatchObject({ 'Content-Disposition': 'linger', 'Linger-Time': '30' });
    const event = await complete;
    expect([event.get('variable_hangup_cause'), event.get('Answer-State')]).toEqual(['NORMAL_CLEARING', 'hangup']);
    app.send('exit\n\n');
    await within(2_000, 'the end', app.closed);
    await lab.idle();
  });

  it.each(['parked', 'playing'])('an application that dies takes its %s channel along', async (state) => {
    const { call, app } = await lab.leg();
    if (state === 'playing') {
      const playing = app.event('PLAYBACK_START');
      void app.execute('endless_playback', 'local_stream://moh').catch(() => undefined);
      await playing;
    }
    app.socket.destroy();
    expect((await call.ended()).by).toBe('them');
    await lab.idle();
  });
});

describe('an application that dies while its caller waits', () => {
  it.each(['parked', 'playing'])('leaves him music, and the next application takes the %s channel back', async (state) => {
    const { call, app, uuid } = await lab.leg({ headers: [['X-Waiting-Music', 'local_stream://moh']] });
    if (state === 'playing') {
      const playing = app.event('PLAYBACK_START');
      void app.execute('playback', 'local_stream://moh').catch(() => undefined);
      await playing;
    }
    app.socket.destroy();
    call.media.reset();
    await call.media.packets(25, 5_000);
    expect([call.state(), levelDb(call.media.samples()) > -50]).toEqual(['talking', true]);

    const watch = await lab.inbound(SECRET);
    const coming = lab.nextSocket();
    await watch.api(`uuid_setvar ${uuid} sip_h_X-esl-outbound ${lab.target()}`);
    expect(await watch.api(`uuid_transfer ${uuid} resume`)).toMatch(/^\+OK/);
    const next = speakEsl(await coming);
    next.send('connect\n\n');
    const data = await next.frame('command/reply');
    expect([data.get('Channel-Unique-ID'), data.get('variable_sip_call_id'), data.get('Answer-State')]).toEqual([uuid, call.callId, 'answered']);
    await next.command('event json CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE');
    expect((await next.execute('set', 'a=b')).get('variable_a')).toBe('b');
    await next.api(`uuid_setvar ${uuid} sip_h_X-Waiting-Music`);
    next.socket.destroy();
    expect((await call.ended()).by).toBe('them');
    watch.socket.destroy();
    await lab.idle();
  });
});

describe('an application that is not there', () => {
  it('nobody listens: the call is answered and hung up, nothing is left', async () => {
    const phone = await lab.phone();
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const call = await phone.call(`sip:x@${lab.media.sipAddress}`, { headers: [['X-esl-outbound', `127.0.0.1:${port}`]] });
    expect((await call.ended()).by).toBe('them');
    await lab.idle();
  });

  it('the second of two hosts is tried', async () => {
    const phone = await lab.phone();
    const coming = lab.nextSocket();
    const call = await phone.call(`sip:x@${lab.media.sipAddress}`, { headers: [['X-esl-outbound', `127.0.0.1:1|${lab.target()}`]] });
    await call.answered();
    const app = speakEsl(await coming);
    app.send('connect\n\n');
    await app.frame('command/reply');
    await call.bye();
    await lab.idle();
  });

  it('it connects and never says a word: shown out, the call ended', async () => {
    const hasty = await openLab({ authMs: 150 });
    const phone = await hasty.phone();
    const call = await phone.call(`sip:x@${hasty.media.sipAddress}`, { headers: [['X-esl-outbound', hasty.target()]] });
    expect((await call.ended()).by).toBe('them');
    await hasty.idle();
    await hasty.close();
  });

  it('no X-esl-outbound: 404', async () => {
    const phone = await lab.phone();
    const call = await phone.call(`sip:x@${lab.media.sipAddress}`);
    expect(await call.ended()).toMatchObject({ by: 'refused', status: 404 });
    await lab.idle();
  });
});
