import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab, SECRET, type Esl, type Lab, type Leg } from '../lab.test.js';

let lab: Lab;
let esl: Esl;
let leg: Leg;
beforeAll(async () => {
  lab = await openLab();
  esl = await lab.inbound(SECRET);
  leg = await lab.leg({ headers: [['X-Campaign', 'winter']] });
});
afterAll(() => lab.close());

describe('the server', () => {
  it.each<[command: string, answer: RegExp]>([
    ['status', /^UP 0 years, .*\nFreeSWITCH \(Version .* is ready\n\d+ session\(s\) since startup\n1 session\(s\) - peak/],
    ['version', /^FreeSWITCH Version [\d.]+ \(Strowger\)\n$/],
    ['version short', /^\d+\.\d+\.\d+\n$/],
    ['module_exists mod_sofia', /^true$/],
    ['module_exists mod_v8', /^false$/],
    ['reloadxml', /^\+OK \[Success\]\n$/],
    ['sofia nonsense', /^-ERR/],
    ['sofia status profile drachtio_mrf', /URL {14}\tsip:mod_sofia@127\.0\.0\.1:\d+\n/],
    ['sofia status profile other', /^Invalid Profile!/],
    ['global_setvar colour=green', /^\+OK$/],
    ['global_getvar colour', /^green$/],
    ['global_getvar', /colour=green\n/],
    ['eval $${colour} ${colour}', /^green green$/],
    ['expand global_getvar colour', /^green$/],
    ['expand', /^-ERR No input/],
    ['global_setvar colour=', /^\+OK$/],
    ['global_getvar colour', /^-ERR no reply\n$/],
    ['global_setvar', /^-USAGE/],
    ['nosuch thing', /^-ERR nosuch Command not found!\n$/],
    ['conference room list count', /^-ERR conference Command not found!\n$/],
  ])('%s', async (command, answer) => {
    expect(await esl.api(command)).toMatch(answer);
  });

  it('sofia status is what drachtio-fsmrf looks for, to the letter', async () => {
    const expression = new RegExp('^\\s*drachtio_mrf\\s.*sip:mod_sofia@((?:[0-9]{1,3}\\.){3}[0-9]{1,3}:\\d+)', 'm');
    expect(expression.exec(await esl.api('sofia status'))?.[1]).toBe(lab.media.sipAddress);
  });
});

describe('show', () => {
  it('channels as JSON, as modesl reads them', async () => {
    const shown = JSON.parse(await esl.api('show channels as json')) as { row_count: number; rows: Record<string, string>[] };
    expect(shown.row_count).toBe(1);
    expect(shown.rows[0]).toMatchObject({ uuid: leg.uuid, direction: 'inbound', state: 'CS_EXECUTE', callstate: 'ACTIVE', dest: 'drachtio', read_codec: 'PCMU', application: 'socket' });
  });

  it.each<[command: string, answer: RegExp]>([
    ['show channels', /^uuid,direction,.*\n[0-9a-f-]{36},inbound,.*\n\n1 total\.\n$/s],
    ['show channels count', /^\n1 total\.\n$/],
    ['show channels count as json', /^\{"row_count":1\}\n$/],
    ['show channels like nothing-like-it', /^\n0 total\.\n$/],
    ['show calls', /\n1 total\.\n$/],
    ['show calls as json', /"row_count":1,/],
    ['show bridged_calls as json', /^\{"row_count":0\}\n$/],
    ['show channels as xml', /^-ERR Cannot find format xml/],
    ['show everything', /^-USAGE/],
    ['show', /^-USAGE/],
  ])('%s', async (command, answer) => {
    expect(await esl.api(command)).toMatch(answer);
  });

  it('two bridged channels are two channels and one call', async () => {
    const other = await lab.leg();
    await esl.api(`uuid_bridge ${leg.uuid} ${other.uuid}`);
    const calls = JSON.parse(await esl.api('show bridged_calls as json')) as { rows: Record<string, string>[] };
    expect(calls.rows.map((r) => [r['uuid'], r['b_uuid']])).toEqual([[leg.uuid, other.uuid]]);
    expect(await esl.api('show channels count')).toBe('\n2 total.\n');
    await esl.api(`uuid_transfer ${leg.uuid} -both park inline`);
    await other.call.bye();
  });
});

describe('variables', () => {
  const u = (command: string): string => command.replaceAll('@', leg.uuid);
  it.each<[command: string, answer: string | RegExp]>([
    ['uuid_setvar @ greeting hello there', '+OK\n'],
    ['uuid_getvar @ greeting', 'hello there'],
    ['uuid_getvar @ GREETING', 'hello there'],
    ['uuid_setvar @ greeting', '+OK\n'],
    ['uuid_getvar @ greeting', '_undef_'],
    ['uuid_getvar @ sip_h_X-Campaign', 'winter'],
    ['uuid_setvar_multi @ a=1;b=two words;c=3', '+OK\n'],
    ['uuid_getvar @ b', 'two words'],
    ['uuid_setvar_multi @ =x', /^-ERR No variable/],
    ['uuid_setvar_multi @', /^-USAGE/],
    ['uuid_setvar_multi nobody a=1', /^-ERR No such channel!/],
    ['uuid_setvar nobody a 1', /^-ERR No such channel!/],
    ['uuid_getvar nobody a', /^-ERR No such channel!/],
    ['uuid_getvar @', /^-USAGE/],
    ['uuid_setvar @', /^-USAGE/],
    ['eval uuid:@ ${a}-${c}', '1-3'],
    ['uuid_exists @', 'true'],
    ['uuid_exists nobody', 'false'],
  ])('%s', async (command, answer) => {
    const got = await esl.api(u(command));
    if (typeof answer === 'string') expect(got).toBe(answer);
    else expect(got).toMatch(answer);
  });

  it('export and unset', async () => {
    await leg.app.execute('export', 'nolocal:colour=red');
    expect(await esl.api(u('uuid_getvar @ colour'))).toBe('red');
    expect(await esl.api(u('uuid_getvar @ export_vars'))).toBe('colour');
    await leg.app.execute('unset', 'colour');
    expect(await esl.api(u('uuid_getvar @ colour'))).toBe('_undef_');
  });

  it('multiset as drachtio-fsmrf sends it, and with blanks', async () => {
    await leg.app.execute('multiset', '^^^one=1^two=a b^three=x=y');
    expect(await Promise.all(['one', 'two', 'three'].map((n) => esl.api(u(`uuid_getvar @ ${n}`))))).toEqual(['1', 'a b', 'x=y']);
    await leg.app.execute('multiset', 'four=4 five=5');
    expect(await esl.api(u('uuid_getvar @ five'))).toBe('5');
  });
});

describe('uuid_dump', () => {
  it('is the channel in encoded lines, as drachtio-fsmrf parses it', async () => {
    const dump = await esl.api(`uuid_dump ${leg.uuid}`);
    const lines = Object.fromEntries(dump.trim().split('\n').map((l) => [l.slice(0, l.indexOf(': ')), decodeURIComponent(l.slice(l.indexOf(': ') + 2))]));
    expect(lines).toMatchObject({ 'Event-Name': 'CHANNEL_DATA', 'Unique-ID': leg.uuid, 'variable_sip_h_X-Campaign': 'winter' });
    expect(lines['variable_rtp_local_sdp_str']).toContain('\r\nm=audio ');
  });
  it('in other shapes', async () => {
    expect(JSON.parse(await esl.api(`uuid_dump ${leg.uuid} json`))).toMatchObject({ 'Unique-ID': leg.uuid });
    expect(await esl.api(`uuid_dump ${leg.uuid} plain`)).toContain(`Unique-ID: [${leg.uuid}]\n`);
    expect(await esl.api(`uuid_dump ${leg.uuid} xml`)).toMatch(/^-ERR/);
    expect(await esl.api('uuid_dump nobody')).toMatch(/^-ERR No such channel!/);
    expect(await esl.api('uuid_dump')).toMatch(/^-USAGE/);
  });
  it('with the RTP counters once they were asked for', async () => {
    leg.call.media.tone(440);
    await leg.app.execute('sleep', '300');
    expect(await esl.api(`uuid_set_media_stats ${leg.uuid}`)).toBe('+OK:\n');
    expect(Number(await esl.api(`uuid_getvar ${leg.uuid} rtp_audio_in_packet_count`))).toBeGreaterThan(5);
    expect(Number(await esl.api(`uuid_getvar ${leg.uuid} rtp_audio_in_mos`))).toBeGreaterThan(4);
    expect(await esl.api('uuid_set_media_stats nobody')).toBe('-ERR No such channel nobody!\n');
    expect(await esl.api('uuid_set_media_stats')).toMatch(/^-USAGE/);
  });
});

it.each<[command: string, answer: RegExp]>([
  ['uuid_kill nobody', /^-ERR No such channel!/],
  ['uuid_kill', /^-USAGE/],
  ['uuid_break nobody', /^-ERR No such channel!/],
  ['uuid_break', /^-USAGE/],
  ['uuid_audio nobody start read mute 1', /^-ERR No such channel!/],
  ['uuid_audio x', /^-USAGE/],
  ['uuid_flush_dtmf nobody', /^-ERR no session/],
  ['uuid_send_dtmf nobody 1', /^-ERR Cannot locate session!/],
  ['uuid_send_dtmf', /^-USAGE/],
  ['uuid_recv_dtmf nobody 1', /^-ERR Cannot locate session!/],
  ['uuid_broadcast', /^-USAGE/],
])('%s', async (command, answer) => {
  expect(await esl.api(command)).toMatch(answer);
});

it('uuid_audio: what it cannot do it says', async () => {
  expect(await esl.api(`uuid_audio ${leg.uuid} start read level 2`)).toBe('-ERR level is not supported\n');
  expect(await esl.api(`uuid_audio ${leg.uuid} start sideways mute 1`)).toMatch(/^-USAGE/);
  expect(await esl.api(`uuid_audio ${leg.uuid} stop`)).toBe('+OK\n');
});

it('uuid_kill frees everything at once, with the cause it was given', async () => {
  const other = await lab.leg();
  const before = lab.media.gauges().endpoints;
  expect(await esl.api(`uuid_kill ${other.uuid} USER_BUSY`)).toBe('+OK\n');
  expect(await esl.api(`uuid_exists ${other.uuid}`)).toBe('false');
  expect(await esl.api(`uuid_kill ${other.uuid}`)).toMatch(/^-ERR/);
  await other.call.ended();
  expect(lab.media.gauges().endpoints).toBe(before - 1);
  expect(other.call.requests.at(-1)?.headers.find(([n]) => n === 'Reason')?.[1]).toContain('USER_BUSY');
});

it('hupall, by variable and all of them', async () => {
  const [one, two] = [await lab.leg({ headers: [['X-Campaign', 'summer']] }), await lab.leg()];
  expect(await esl.api('hupall NORMAL_CLEARING sip_h_X-Campaign summer')).toBe('+OK hangup all channels matching [sip_h_X-Campaign]=[summer] with cause: NORMAL_CLEARING\n');
  expect((await one.call.ended()).by).toBe('them');
  expect(two.call.state()).toBe('talking');
  expect(await esl.api('hupall')).toBe('+OK hangup all channels with cause MANAGER_REQUEST\n');
  await two.call.ended();
  await lab.idle();
});
