import { StrowgerError } from '../base/index.js';
import { DTMF_PAIRS } from './tones.js';

/** The text is no tone script (TGML, as FreeSWITCH's tone_stream reads it). */
export class ToneScriptInvalid extends StrowgerError {
  readonly code = 'audio.tone_script_invalid';
}

export interface Tone {
  readonly hz: readonly number[];
  readonly onMs: number;
  readonly offMs: number;
  /** Level of each frequency, dBm0; its change per `stepMs` makes a decay. */
  readonly db: number;
  readonly decay: { readonly db: number; readonly stepMs: number } | undefined;
}

export interface ToneProgram {
  readonly tones: readonly Tone[];
  readonly loops: number | 'endless';
}

interface Settings {
  db: number;
  durationMs: number;
  waitMs: number;
  loops: number;
  decayStepMs: number;
  decaySign: number;
  decayDb: number;
}

const DEFAULTS: Settings = { db: -7, durationMs: 250, waitMs: 0, loops: 1, decayStepMs: 0, decaySign: 0, decayDb: 0 };
/** More would be a script that fills the memory. */
const MAX_TONES = 10_000;
const HINT = 'write e.g. tone_stream://%(2000,4000,440,480);loops=-1';

const bad = (what: string): ToneScriptInvalid => new ToneScriptInvalid(what, { hint: HINT });

function number(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw bad(`${what} "${text}" is not a number`);
  return value;
}

function set(s: Settings, key: string, text: string): void {
  const value = number(text, `tone setting ${key}=`);
  if (value < 0 && key !== 'v' && key !== '+') throw bad(`tone setting ${key}=${text} is negative`);
  switch (key) {
    case 'v':
      if (value > 0 || value < -63) throw bad(`volume ${text} is not within -63 and 0 dB`);
      s.db = value;
      return;
    case 'd': s.durationMs = value; return;
    case 'w': s.waitMs = value; return;
    case 'l': s.loops = Math.max(1, value); return;
    case '>': case '<':
      s.decayStepMs = value;
      s.decaySign = key === '>' ? -1 : 1;
      return;
    case '+': s.decayDb = Math.abs(value); return;
    default: throw bad(`tone setting ${key}= is not known`);
  }
}

function tone(s: Settings, hz: readonly number[], onMs: number, offMs: number): Tone[] {
  if (onMs < 0 || offMs < 0 || hz.some((f) => f <= 0 || f >= 4_000)) throw bad('a tone needs durations of 0 or more and frequencies within 0 and 4000 Hz');
  const decay = s.decaySign !== 0 && s.decayStepMs > 0 ? { db: s.decaySign * s.decayDb, stepMs: s.decayStepMs } : undefined;
  const one: Tone = { hz, onMs, offMs, db: s.db, decay };
  return Array.from({ length: Math.min(s.loops, MAX_TONES) }, () => one);
}

function tonesOf(part: string, s: Settings): Tone[] {
  const out: Tone[] = [];
  for (let rest = part.trim(); rest !== ''; rest = rest.trim()) {
    const call = /^%\(([^)]*)\)/.exec(rest);
    if (call) {
      const [on = '', off = '', ...hz] = (call[1] ?? '').split(',');
      if (hz.length === 0) throw bad(`"${call[0]}" names no frequency`);
      out.push(...tone(s, hz.map((f) => number(f, 'frequency')), number(on, 'duration'), number(off, 'pause')));
      rest = rest.slice(call[0].length);
      continue;
    }
    const pair = DTMF_PAIRS.get(rest[0] ?? '');
    if (!pair) throw bad(`"${rest.slice(0, 20)}" is no tone`);
    out.push(...tone(s, pair, s.durationMs, s.waitMs));
    rest = rest.slice(1);
  }
  return out;
}

/**
 * Reads `v=-10;%(on ms, off ms, Hz, Hz…);L=3;loops=-1`. `loops` repeats everything, -1 for ever; `L` and `l` repeat the
 * script and each tone; `d`, `w` are length and pause of DTMF digits written as such; `>`, `<`, `+` a decay.
 * @throws ToneScriptInvalid
 */
export function parseToneScript(script: string): ToneProgram {
  const at = /;\s*loops=(-?\d+)\s*;?\s*$/i.exec(script);
  const times = at ? Number(at[1]) : 1;
  const s = { ...DEFAULTS };
  let passes = 1;
  const tones: Tone[] = [];
  for (const part of (at ? script.slice(0, at.index) : script).split(';')) {
    const setting = /^\s*([A-Za-z<>+])=(.*)$/.exec(part);
    if (!setting) tones.push(...tonesOf(part, s));
    else if (setting[1] === 'L') passes = Math.max(1, number(setting[2] ?? '', 'tone setting L='));
    else if (setting[1] !== 'c' && setting[1] !== 'r') set(s, setting[1] ?? '', setting[2] ?? '');
    if (tones.length * passes > MAX_TONES) throw bad(`more than ${MAX_TONES} tones`);
  }
  if (!tones.some((t) => t.onMs + t.offMs >= 1)) throw bad('the script plays nothing');
  const all = Array.from({ length: Math.floor(passes) }, () => tones).flat();
  return { tones: all, loops: times < 0 ? 'endless' : Math.max(1, times) };
}
