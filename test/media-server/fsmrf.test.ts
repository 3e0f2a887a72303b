import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hears, readWav } from '../kit/listen.js';
import { G722 } from '../kit/sip/sdp.js';
import { within } from '../kit/wait.js';
import { openStage, type Caller, type FsEndpoint, type Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const finish = async (...callers: readonly Caller[]): Promise<void> => {
  for (const { call, endpoint } of callers) {
    if (call.state() !== 'ended') await call.bye();
    await endpoint.destroy();
  }
  await stage.idle();
};
const gone = (endpoint: FsEndpoint): Promise<{ reason?: string } | undefined> => within(3_000, 'the end of the endpoint', new Promise((resolve) => endpoint.once('destroy', resolve)));

describe('a media server', () => {
  it('is found under its profile', () => {
    expect(stage.ms.sip.ipv4.udp.address).toBe(stage.media.sipAddress);
    expect(stage.ms.connected()).toBe(true);
    expect(stage.ms.hasCapability(['ipv4', 'udp'])).toBe(true);
    expect(stage.ms.hasCapability(['ipv4', 'dtls'])).toBe(false);
  });

  it('answers API commands, unknown ones too', async () => {
    expect(await stage.ms.api('status')).toContain('is ready');
    expect(await stage.ms.api('nosuch')).toBe('-ERR nosuch Command not found!\n');
  });

  it('refuses a conference instead of pretending', async () => {
    await expect(stage.ms.createConference('room')).rejects.toBeDefined();
  });

  it('can be connected to more than once, and left', async () => {
    const other = await stage.connect();
    expect(await other.api('version')).toContain('FreeSWITCH');
    other.disconnect();
  });
});

describe('endpoints', () => {
  it('without SDP: made in no time, sends to nobody until it is modified, then audio flows', async () => {
    const endpoint = await stage.ms.createEndpoint();
    expect(endpoint.local.sdp).toContain('RTP/AVP 0 8 101');
    const caller = await stage.caller();
    await endpoint.modify(caller.endpoint.local.sdp.replace(/m=audio \d+/, `m=audio ${caller.call.media.port}`));
    expect(Number(endpoint.remote.mediaPort)).toBe(caller.call.media.port);
    await endpoint.destroy();
    await finish(caller);
  });

  it('with SDP: answered as offered, codecs in the application’s order', async () => {
    const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n';
    const endpoint = await stage.ms.createEndpoint({ remoteSdp: sdp, codecs: ['PCMA'] });
    expect(endpoint.local.sdp).toMatch(/m=audio \d+ RTP\/AVP 8 101/);
    const vars = await endpoint.getChannelVariables(true);
    expect(vars['variable_read_codec']).toBe('PCMA');
    expect(vars['variable_rtp_audio_in_packet_count']).toBe(0);
    await endpoint.destroy();
    await stage.idle();
  });

  it('no codec in common: the promise is rejected with 488 and nothing is left', async () => {
    const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 9\r\n';
    await expect(stage.ms.createEndpoint({ remoteSdp: sdp })).rejects.toMatchObject({ status: 488 });
    await stage.idle();
  });

  it('many at once', async () => {
    const endpoints = await Promise.all(Array.from({ length: 20 }, () => stage.ms.createEndpoint()));
    expect(new Set(endpoints.map((e) => e.uuid)).size).toBe(20);
    expect(stage.media.gauges().endpoints).toBe(20);
    await Promise.all(endpoints.map((e) => e.destroy()));
    await stage.idle();
  });
});

describe('a caller', () => {
  it('hears a prompt; a list of files; an error for one that is missing', async () => {
    const caller = await stage.caller();
    const heard = caller.call.media.heard(500);
    expect(await caller.endpoint.play('hello.wav')).toEqual({ playbackSeconds: '1', playbackMilliseconds: '1000', playbackLastOffsetPos: '8000' });
    await heard;
    await caller.endpoint.play(['silence_stream://60', 'silence_stream://60']);
    await expect(caller.endpoint.play('nothere.wav')).rejects.toThrow('File Not Found');
    await finish(caller);
  });

  it('presses keys into playCollect and into events', async () => {
    const caller = await stage.caller();
    const seen: string[] = [];
    caller.endpoint.on('dtmf', (event: { dtmf: string }) => seen.push(event.dtmf));
    const collecting = caller.endpoint.playCollect({ file: 'silence_stream://4000', min: 1, max: 4, timeout: 5_000, digitTimeout: 2_000 });
    await caller.call.media.digits('12#', { durationMs: 60, gapMs: 60 });
    expect(await collecting).toMatchObject({ digits: '12', terminatorUsed: '#' });
    expect(seen).toEqual(['1', '2', '#']);
    await finish(caller);
  });

  it('with a codec we lack gets 488', async () => {
    const phone = await stage.phone({ codecs: [G722] });
    const failing = stage.caller({ phone }).catch((error: unknown) => error);
    expect(await failing).toBeInstanceOf(Error);
    await stage.idle();
  });

  it('variables: set one, set many, export', async () => {
    const caller = await stage.caller();
    await caller.endpoint.set('one', '1');
    await caller.endpoint.set({ two: 'a b', three: true, quoted: "it's" });
    await caller.endpoint.export('four', '4');
    const vars = await caller.endpoint.getChannelVariables();
    expect([vars['variable_one'], vars['variable_two'], vars['variable_three'], vars['variable_quoted'], vars['variable_four']]).toEqual(['1', 'a b', 'true', "it's", '4']);
    await finish(caller);
  });

  it('is recorded until # is pressed', async () => {
    const caller = await stage.caller();
    await caller.endpoint.set('playback_terminators', '#');
    caller.call.media.tone(440);
    const path = join(stage.sounds, 'said.wav');
    const recording = caller.endpoint.record(path, { timeLimitSecs: 20 });
    await caller.call.media.digits('#', { durationMs: 80 });
    expect(await recording).toMatchObject({ terminatorUsed: '#' });
    expect(readWav(path).rate).toBe(8000);
    await finish(caller);
  });
});

describe('two callers', () => {
  it('are bridged, recorded on two channels, parted, bridged again', async () => {
    const [a, b] = [await stage.caller(), await stage.caller()];
    const path = join(stage.sounds, 'session.wav');
    await a.endpoint.set('RECORD_STEREO', 'true');
    await a.endpoint.bridge(b.endpoint);
    a.call.media.tone(440);
    b.call.media.tone(800);
    await Promise.all([a.call.media.heard(800), b.call.media.heard(440)]);
    await a.endpoint.recordSession(path);
    await a.endpoint.execute('sleep', '600');
    await a.endpoint.execute('stop_record_session', path);
    const wav = readWav(path);
    expect([hears(wav, 0, 440, 0.8), hears(wav, 1, 800, 0.8)]).toEqual([true, true]);
    await a.endpoint.unbridge();
    await Promise.all([a.endpoint.play('silence_stream://50'), b.endpoint.play('silence_stream://50')]);
    await b.endpoint.bridge(a.endpoint);
    a.call.media.reset();
    await a.call.media.heard(800);
    await finish(a, b);
  });

  it('one hangs up: the other endpoint says so', async () => {
    const [a, b] = [await stage.caller(), await stage.caller()];
    await a.endpoint.bridge(b.endpoint);
    const left = gone(b.endpoint);
    await a.endpoint.destroy();
    expect((await left)?.reason).toBe('NORMAL_CLEARING');
    await finish(a, b);
  });

  it('with somebody who is not there: the promise is rejected', async () => {
    const a = await stage.caller();
    await expect(a.endpoint.bridge('00000000-0000-0000-0000-000000000000')).rejects.toThrow('Invalid uuid');
    await finish(a);
  });
});

describe('ends', () => {
  it('destroy() settles with the BYE, and again at once', async () => {
    const endpoint = await stage.ms.createEndpoint();
    await within(3_000, 'destroy', endpoint.destroy());
    await within(1_000, 'destroy again', endpoint.destroy());
    await stage.idle();
  });

  it('uuid_kill: the endpoint tells its application why, what played settles', async () => {
    const endpoint = await stage.ms.createEndpoint();
    const started = new Promise((resolve) => endpoint.once('playback-start', resolve));
    const playing = endpoint.play('local_stream://moh');
    await within(3_000, 'the start of the playback', started);
    const end = gone(endpoint);
    expect(await stage.ms.api(`uuid_kill ${endpoint.uuid} USER_BUSY`)).toBe('+OK\n');
    expect((await end)?.reason).toBe('USER_BUSY');
    await within(3_000, 'the playback', playing);
    await stage.idle();
  });

  it('the SIP dialog ends: so does the endpoint', async () => {
    const endpoint = await stage.ms.createEndpoint();
    const end = gone(endpoint);
    await endpoint.dialog.destroy();
    await end;
    await stage.idle();
  });

  it('its event socket dies: the channel is hung up, nothing is left', async () => {
    const endpoint = await stage.ms.createEndpoint();
    const bye = within(3_000, 'BYE', new Promise((resolve) => endpoint.dialog.once('destroy', resolve)));
    endpoint.conn?.socket.destroy();
    await bye;
    await stage.idle();
  });
});
