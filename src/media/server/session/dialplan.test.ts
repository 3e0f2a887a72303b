import { expect, it } from 'vitest';
import { inlinePlan } from './dialplan.js';
import { uptime } from './uptime.js';

it.each<[text: string, plan: [string, string][]]>([
  ['park', [['park', '']]],
  ['set:a=1,playback:/sounds/x.wav,hangup', [['set', 'a=1'], ['playback', '/sounds/x.wav'], ['hangup', '']]],
  ["m:^:set:a=1,2^park", [['set', 'a=1,2'], ['park', '']]],
  ['playback:tone_stream://%(100,100,440)', [['playback', 'tone_stream://%(100'], ['100', ''], ['440)', '']]],
  ['m:|:playback:tone_stream://%(100,100,440)|park', [['playback', 'tone_stream://%(100,100,440)'], ['park', '']]],
  ['', []],
])('inline %j', (text, plan) => {
  expect(inlinePlan(text).map((c) => [c.name, c.args])).toEqual(plan);
});

it('says how long it has been up as FreeSWITCH does', () => {
  expect(uptime(90_061_001)).toBe('0 years, 1 day, 1 hour, 1 minute, 1 second, 1 millisecond, 0 microseconds');
});
