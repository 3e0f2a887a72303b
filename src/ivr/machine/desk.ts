import type { DeskEnd, DeskOrder, Value } from '../ports.js';
import { scopeOf } from './scope.js';
import type { Message, Prompt, Ticket } from './plan.js';
import { renderText, renderValue, type Template } from './template.js';
import { begin, enter, fail, next, type Turn } from './turn.js';
import type { FlowState } from './types.js';
import type { Language } from '../../speech/tts/index.js';

/** A ticket made or looked up, or a message sent: what the flow knows goes into the order. */
export function askDesk(s: FlowState, step: Ticket | Message): Turn {
  const scope = scopeOf(s);
  let failed: string | undefined;
  const text = (written: string | Template): string => {
    const worked = renderText(written, scope);
    failed ??= worked.failed;
    return worked.value.trim();
  };
  const maybe = (written: string | Template | undefined): string | undefined => (written === undefined ? undefined : text(written));
  const value = (written: Parameters<typeof renderValue>[0]): Value => {
    const worked = renderValue(written, scope);
    failed ??= worked.failed;
    return worked.value;
  };
  const inLanguage = (prompt: Prompt): string => text(chosen(prompt, s.language));
  const order = step.do === 'ticket' ? ticketOrder(step, { text, maybe, value, language: s.language }) : messageOrder(step, { maybe, inLanguage, language: s.language });
  if (failed !== undefined) return fail(s, `${step.do}: ${failed}`);
  return begin(s, (id) => ({ for: 'desk', id }), (id) => ({ do: 'desk', id, order }));
}

interface Rendering {
  readonly text: (written: string | Template) => string;
  readonly maybe: (written: string | Template | undefined) => string | undefined;
  readonly value: (written: Parameters<typeof renderValue>[0]) => Value;
  readonly inLanguage: (prompt: Prompt) => string;
  readonly language: Language | undefined;
}

/** Fields whose variable holds nothing are left out. */
function ticketOrder({ what }: Ticket, { text, maybe, value, language }: Omit<Rendering, 'inLanguage'>): DeskOrder {
  if ('status' in what) return { do: 'find_ticket', which: what.status, number: maybe(what.number), type: what.type };
  const fields = Object.fromEntries(Object.entries(what.fields).map(([name, written]) => [name, value(written)] as const).filter(([, held]) => held !== null && held !== ''));
  return { do: 'create_ticket', type: what.type, subject: text(what.subject), text: maybe(what.text) ?? '', priority: what.priority, tags: what.tags, fields, language };
}
const messageOrder = ({ by, to, subject, text }: Message, { maybe, inLanguage, language }: Pick<Rendering, 'maybe' | 'inLanguage' | 'language'>): DeskOrder =>
  ({ do: 'send_message', by, to: maybe(to), subject: subject === undefined ? undefined : inLanguage(subject), text: inLanguage(text), language });

/** In the caller's language, else in whichever there is, Chinese first. */
const chosen = (prompt: Prompt, language: Language | undefined): string | Template => (language === undefined ? undefined : prompt[language]) ?? prompt['zh-CN'] ?? prompt.en ?? '';

/** `none`: there is no such ticket, or no way to reach the caller. */
export function deskAnswered(s: FlowState, step: Ticket | Message, end: DeskEnd): Turn {
  switch (end.how) {
    case 'done': return next(step.do === 'ticket' ? knowing(s, step.into, end.ticket ?? null) : s);
    case 'none': {
      const known = step.do === 'ticket' ? knowing(s, step.into, null) : s;
      return step.otherwise === undefined ? (step.do === 'ticket' ? next(known) : fail(known, 'message_unreachable')) : enter(known, step.otherwise);
    }
    case 'failed': return fail(s, `${step.do}: ${end.why}`);
  }
}
const knowing = (s: FlowState, into: string, value: Value): FlowState => ({ ...s, variables: { ...s.variables, [into]: value } });
