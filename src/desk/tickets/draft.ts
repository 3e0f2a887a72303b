import type { NewFact } from '../../events/index.js';
import type { Actor } from './actor.js';
import { NotKept } from './errors.js';
import { newId } from '../../store/index.js';
import { noticesOf, type News, type Notice, type Post } from './notices.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { ruleFor, type SlaRule } from './setup.js';
import { dueAt, nextMoment, sla, startSla, TARGETS, type Policy, type SlaEffect, type SlaEvent, type SlaState } from './sla/index.js';
import type { Ticket } from './types.js';

/** One ticket's change while it is put together. Nothing of it has happened before `commit`. */
export interface Draft {
  readonly before: Ticket | undefined;
  next: Ticket;
  readonly actor: Actor;
  readonly facts: NewFact[];
  /** Rows beside the ticket's own. */
  readonly writes: (() => void)[];
  readonly clocks: SlaEvent[];
  readonly news: News[];
  /** Not a change of the ticket itself: it keeps its version and its time. */
  quiet: boolean;
}
export const draftOf = (ticket: Ticket, actor: Actor, before: Ticket = ticket): Draft => ({ before, next: ticket, actor, facts: [], writes: [], clocks: [], news: [], quiet: false });

/** Of a ticket that is not there yet. */
export const newDraft = (ticket: Ticket, actor: Actor): Draft => ({ ...draftOf(ticket, actor), before: undefined });

export const policyOf = (rule: SlaRule | undefined): Policy | null => (rule ? { name: rule.name, goals: rule.goals } : null);

/** What of a ticket is kept in its history, by the name people know it by. */
const TRACKED = ['type', 'state', 'priority', 'subject', 'text', 'customer', 'requester', 'language', 'place', 'team', 'assignee', 'parent', 'mergedInto', 'sla'] as const;

export function changesOf(before: Ticket, after: Ticket): { readonly field: string; readonly before: unknown; readonly after: unknown }[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const plain = TRACKED.filter((key) => !same(before[key], after[key])).map((key) => ({ field: key === 'mergedInto' ? 'merged_into' : key, before: before[key], after: after[key] }));
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].filter((name) => !same(before.fields[name], after.fields[name]));
  const tags = same(before.tags, after.tags) ? [] : [{ field: 'tags', before: before.tags, after: after.tags }];
  return [...plain, ...tags, ...names.map((name) => ({ field: `fields.${name}`, before: before.fields[name] ?? null, after: after.fields[name] ?? null }))];
}

export type Commit = (drafts: readonly Draft[]) => readonly Ticket[];

/** Writes drafts with their facts, history, words and the mails that tell of them in one transaction. Nothing is kept where it throws. @throws NotKept */
export function createCommit(deps: TicketDeps, rows: Rows, post: Post): Commit {
  const { events, calendars, setup, now, notifier } = deps;
  return (drafts) => {
    const at = now();
    for (const draft of drafts) settleClocks(draft, at);
    const notices = notifier.ready() ? drafts.flatMap((draft) => noticesOf(post, rows, draft.next, draft.actor, draft.news, at).map((notice) => ({ draft, notice, id: newId('mail', at) }))) : [];
    const facts = [...drafts.flatMap((d) => d.facts), ...notices.map(({ draft, notice, id }) => noticed(draft, notice, id))];
    const kept = events.publishAll(facts, () => {
      for (const draft of drafts) write(draft, at);
      for (const { draft, notice, id } of notices) if (notice.mail) notifier.send(notice.mail, `ticket:${draft.next.id}`, id);
    });
    if (!kept) throw new NotKept();
    return drafts.map((d) => d.next);
  };

  function settleClocks(draft: Draft, at: number): void {
    const { next } = draft;
    const rule = ruleFor(setup(), next);
    const calendar = rule?.calendar ?? setup().calendar;
    let state: SlaState = draft.before ? next.clocks : startSla(at, calendar, policyOf(rule));
    const step = (event: SlaEvent): void => {
      const [after, effects] = sla(state, event, at, calendars);
      state = after;
      effects.forEach((effect) => tell(draft, effect, rule, after));
    };
    if (draft.before) {
      step({ type: 'time_passed' });
      if (state.calendar !== calendar) step({ type: 'calendar_set', calendar });
      if (JSON.stringify(state.policy) !== JSON.stringify(policyOf(rule))) step({ type: 'policy_set', policy: policyOf(rule) });
      if (next.sla !== (rule?.name ?? null) || next.calendar !== calendar) draft.facts.push(fact(draft, 'ticket.sla_changed', { sla: rule?.name ?? null, calendar }));
    }
    draft.clocks.forEach(step);
    const due = TARGETS.flatMap((target) => dueAt(state, target, calendars) ?? []);
    const resolved = next.kind === 'resolved' || next.kind === 'closed';
    draft.next = {
      ...next, sla: rule?.name ?? null, calendar, clocks: state, lookAt: nextMoment(state, calendars) ?? null, dueAt: due.length === 0 ? null : Math.min(...due),
      breached: TARGETS.some((t) => state.clocks[t].told.includes('breach')) || state.response?.within === false || state.resolution?.within === false,
      resolvedAt: resolved ? (state.resolution?.at ?? at) : null,
      ...(draft.quiet ? {} : { updatedAt: at, version: draft.before ? draft.before.version + 1 : 1 }),
    };
  }

  function tell(draft: Draft, effect: SlaEffect, rule: SlaRule | undefined, state: SlaState): void {
    switch (effect.do) {
      case 'met': {
        const { businessMs, within } = effect.result;
        draft.facts.push(fact(draft, 'ticket.sla_met', { target: effect.target, business_ms: businessMs, ...(within === null ? {} : { within }) }));
        return;
      }
      case 'warn':
        draft.facts.push(fact(draft, 'ticket.sla_warned', { target: effect.target, due_at: dueAt(state, effect.target, calendars) ?? effect.at }));
        draft.news.push({ about: 'sla_warned', target: effect.target });
        return;
      case 'breach':
        draft.facts.push(fact(draft, 'ticket.sla_breached', { target: effect.target, at: effect.at }));
        draft.news.push({ about: 'sla_breached', target: effect.target });
        return;
      case 'escalate': {
        const to = rule?.escalateTo[effect.target]?.[effect.level - 1] ?? 'lead';
        draft.facts.push(fact(draft, 'ticket.sla_escalated', { target: effect.target, level: effect.level, to }));
        draft.news.push({ about: 'sla_escalated', target: effect.target, level: effect.level, to });
      }
    }
  }

  function write({ before, next, actor, writes, quiet }: Draft, at: number): void {
    if (before) rows.update(next);
    else rows.insert(next);
    const changes = before ? changesOf(before, next) : [];
    for (const change of changes) rows.changed(next.id, { at, by: actor.by, ...change });
    if (!before || changes.some(({ field }) => field === 'tags')) rows.tags(next.id, next.tags);
    if (!before || (!quiet && changes.length > 0)) rows.index(next);
    for (const work of writes) work();
  }
}

/** A fact about the draft's ticket, with who did it and whose it is. */
export function fact<T extends NewFact['type']>({ next, actor }: Pick<Draft, 'next' | 'actor'>, type: T, data: object): NewFact {
  return { type, subject: `ticket:${next.id}`, data: { ticket: next.id, by: actor.by, ...(next.customer === null ? {} : { customer: next.customer }), ...data } } as unknown as NewFact;
}

const noticed = (draft: Draft, { to, kind, mail }: Notice, id: string): NewFact =>
  mail ? fact(draft, 'ticket.notified', { mail: id, to, about: kind }) : fact(draft, 'ticket.notice_failed', { to, about: kind, why: 'no_address' });
