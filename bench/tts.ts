import { LANGUAGES } from '../src/speech/tts/index.js';
import { percentile } from '../test/kit/percentile.js';
import { row, withGoal, type Findings, type Row } from './report.js';
import { firstSound } from './tts/first-sound.js';
import { understand, VOICES, type Understood } from './tts/intelligibility.js';

/** What is understood of each voice over the telephone, and how soon a caller hears the first of it. */
export async function tts(): Promise<Findings> {
  const sound = await firstSound();
  const heard: Understood[] = [];
  for (const language of LANGUAGES) for (const voice of VOICES[language]) heard.push(await understand(language, voice));
  return {
    beside: null, generatorLateMs: 0, faults: [],
    rows: [
      ...timesOf('of a kept prompt', sound.cached, 150), ...timesOf('of a new sentence', sound.fresh, 400), ...timesOf('of a new text of five sentences', sound.long, 400),
      ...heard.flatMap((one, i) => rowsOf(one, heard.findIndex(({ language }) => language === one.language) === i)),
    ],
    notes: [
      'from the step to the first audible sample at the phone; 40 ms of it are the silence at the head of every prompt',
      'error rate: words (en) or characters (zh-CN) that a recogniser got wrong after G.711, with the models of test/models, which know espeak-ng\'s voices and few words: it compares voices and finds mistakes of pronunciation, it does not say what people understand',
      ...heard.flatMap(({ voice, misheard }) => misheard.map((m) => `${voice}: ${m}`)),
    ],
  };
}

const timesOf = (what: string, ms: readonly number[], goal: number): Row[] => [
  withGoal(row(`first sound ${what}: p50`, 'ms', percentile(ms, 50)), `< ${String(goal)}`, (n) => n < goal), row(`first sound ${what}: p95`, 'ms', percentile(ms, 95)),
];

function rowsOf({ language, voice, errors, whole, timesRealTime }: Understood, isDefault: boolean): Row[] {
  const unit = language === 'en' ? 'words' : 'characters';
  const rate = row(`${unit} wrong, ${voice}`, '%', 100 * errors);
  return [
    isDefault ? withGoal(rate, '≤ 3', (n) => n <= 3) : rate, row(`sentences wholly understood, ${voice}`, '%', 100 * whole),
    ...(isDefault ? [row(`sound made in a second, ${voice}`, 's', timesRealTime)] : []),
  ];
}
