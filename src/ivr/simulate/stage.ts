import type { FlowEffect, FlowEnd, FlowEvent, FlowState } from '../machine/index.js';
import type { Agenda } from './agenda.js';
import { factLine, leaving } from './lines.js';
import { speakingMs } from './pace.js';
import type { Line, Place, World } from './types.js';

/** What a recording of the simulator is: nobody keeps it. */
export const RECORDED = { how: 'recorded', ms: 5_000, path: 'simulated.wav' } as const;
/** Of a sound that the designer brings: its length is in a file that the simulator does not open. */
const SOUND_MS = 3_000;

export const idOf = ({ waiting }: FlowState): number => ('id' in waiting ? waiting.id : 0);

export interface Stage {
  readonly perform: (effect: FlowEffect) => void;
  /** What the world was asked for has come. */
  readonly settled: () => Promise<void>;
  readonly note: (line: LineNow) => void;
  readonly lines: () => readonly Line[];
  readonly place: () => Place | undefined;
  /** The caller is in the flow again. */
  readonly comeBack: () => void;
  readonly ended: () => FlowEnd | undefined;
}
type LineNow = Line extends infer L ? (L extends unknown ? Omit<L, 'atMs'> : never) : never;

export interface StageOptions {
  readonly world: World;
  readonly speech: boolean;
  readonly agenda: Agenda;
  readonly state: () => FlowState;
}

/** Does what the flow wants done, on the virtual clock. */
export function createStage({ world, speech, agenda, state }: StageOptions): Stage {
  const lines: Line[] = [];
  let place: Place | undefined;
  let ended: FlowEnd | undefined;
  const understood = ({ text, language, intents }: Extract<FlowEffect, { do: 'understand' }>, { now, plan }: FlowState) => world.understand?.({ text, language, intents, atMs: now, timeZone: plan.timeZone });
  const note = (line: LineNow): void => void lines.push({ atMs: agenda.now(), ...line });
  const { ask, settled } = createErrands();
  const perform = (effect: FlowEffect): void => {
    const left = leaving(effect);
    if (left) note({ kind: 'left', place: (place = left) });
    switch (effect.do) {
      case 'play': return play(effect, agenda, lines);
      case 'stop_playing':
        agenda.forget((event) => event.type === 'play.ended');
        return cutShort(lines, agenda.now());
      case 'arm':
        note({ kind: 'waits', ms: effect.afterMs });
        return agenda.put(effect.afterMs, { type: 'time.passed', id: effect.id }, true);
      case 'listen':
        return speech ? undefined : agenda.put(0, { type: 'heard', id: effect.id, what: { kind: 'unavailable', why: 'no_model' } });
      case 'understand': return ask(understood(effect, state()), (meant) => agenda.put(0, { type: 'understood', id: effect.id, meant }));
      case 'http':
        return ask(world.http(effect.request), ({ answer, tookMs }) => {
          const { method, url, body } = effect.request;
          note({ kind: 'http', method, url, body, outcome: answer.ok || answer.why === 'status' ? String(answer.status ?? 0) : answer.why });
          agenda.put(tookMs, { type: 'http.ended', id: effect.id, answer });
        });
      case 'script':
        return ask(world.script(effect.to), ({ answer, tookMs }) => {
          note({ kind: 'script', name: effect.to.name, outcome: answer.how });
          agenda.put(tookMs, { type: 'script.ended', id: effect.id, how: answer });
        });
      case 'desk': {
        const { answer, tookMs } = world.desk(effect.order);
        note({ kind: 'desk', order: effect.order, outcome: answer.how });
        return agenda.put(tookMs, { type: 'desk.ended', id: effect.id, how: answer });
      }
      case 'stop_recording': return agenda.put(0, { type: 'record.ended', id: idOf(state()), how: RECORDED });
      case 'publish': {
        const line = factLine(effect.fact);
        if (line) note(line);
        return;
      }
      case 'finish':
        ended = effect.how;
        agenda.forget(() => true);
        note({ kind: 'over', how: effect.how });
        place = endOf(place, effect.how);
        return;
      case 'stop_listening': case 'queue': case 'callback': case 'dial': case 'transfer': case 'record': return;
    }
  };
  return {
    perform, note, lines: () => lines, place: () => place, ended: () => ended,
    comeBack: () => void (place = undefined),
    settled,
  };
}

/** What the world is asked for may take real time; on the virtual clock it takes what the world says. */
function createErrands() {
  let pending: readonly Promise<unknown>[] = [];
  const ask = <T>(asked: Promise<T> | T, answered: (answer: T) => void): void => {
    if (asked instanceof Promise) pending = [...pending, asked.then(answered)];
    else answered(asked);
  };
  const settled = async (): Promise<void> => {
    while (pending.length > 0) {
      const asked = pending;
      pending = [];
      await Promise.all(asked);
    }
  };
  return { ask, settled };
}

/** A flow that is over after a queue or phone has left the caller there. */
function endOf(place: Place | undefined, how: FlowEnd): Place {
  if (how === 'caller_gone') return { by: 'caller' };
  return place ?? { by: how === 'failed' ? 'failed' : 'hang_up' };
}

function play({ id, prompts }: Extract<FlowEffect, { do: 'play' }>, agenda: Agenda, lines: Line[]): void {
  let from = agenda.now();
  for (const prompt of prompts) {
    const [text, language] = 'file' in prompt ? [prompt.file, undefined] : [prompt.text, prompt.lang];
    const untilMs = from + ('file' in prompt ? SOUND_MS : speakingMs(text, language));
    lines.push({ atMs: from, kind: 'said', text, language, untilMs });
    from = untilMs;
  }
  const ended: FlowEvent = { type: 'play.ended', id, how: 'ended' };
  agenda.put(from - agenda.now(), ended);
}

/** What had not begun to be said was not said. */
function cutShort(lines: Line[], now: number): void {
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    if (line?.kind !== 'said') continue;
    if (line.atMs > now) lines.splice(i, 1);
    else if (line.untilMs > now) lines[i] = { ...line, untilMs: now };
  }
  lines.push({ atMs: now, kind: 'hushed' });
}
