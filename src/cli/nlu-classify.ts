import { machineZone } from '../config/index.js';
import { learn, respond } from '../ivr/index.js';
import type { Language, Understood } from '../nlu/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import { isLang, type Io, type Lang } from './io.js';
import { installedCorpus } from './nlu-corpus.js';
import { readOptions } from './options.js';

const USAGE = 'nlu classify TEXT [--lang zh-CN|en] [--intents NAME,NAME] [--json]';
const SHOWN = 5;

/** What the dialplans' corpus takes a sentence for. `--intents`: as an `ask` that names only these would. */
export async function nluClassify(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, lang, intents, rest } = readOptions(args, { json: 'flag', lang: 'value', intents: 'value' }, USAGE);
  const text = rest.join(' ').trim();
  if (text === '') throw new WrongUse('a sentence is needed', { hint: `usage: strowger ${USAGE}` });
  const language = languageOf(lang, text);
  const corpus = installedCorpus(language, io);
  const named = intents === undefined ? [] : intents.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !corpus.intents.some((i) => i.name === name));
  if (unknown !== undefined) throw new WrongUse(`there is no intent "${unknown}"`, { hint: `known: ${corpus.intents.map((i) => i.name).join(', ')}` });
  const understood = respond(learn([corpus]), { text, language, intents: named, now: { atMs: Date.now(), timeZone: machineZone() } });
  if (json) io.out(JSON.stringify(asJson(text, language, understood)));
  else for (const line of lines(understood, io.lang)) io.out(line);
  return Promise.resolve(0);
}

function languageOf(lang: string | undefined, text: string): Language {
  if (lang === undefined) return /\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en';
  if (!isLang(lang)) throw new WrongUse(`there is no language ${lang}`, { hint: 'zh-CN or en' });
  return lang;
}

/** The likeliest intent, or none where that is likelier. */
const answerOf = ({ intents: [best], outOfScope }: Understood): string | undefined => (best !== undefined && best.confidence >= outOfScope ? best.name : undefined);
const round = (x: number): number => Math.round(x * 10_000) / 10_000;

const asJson = (text: string, language: Language, u: Understood): object => ({
  text, language, intent: answerOf(u) ?? null, out_of_scope: round(u.outOfScope),
  intents: u.intents.slice(0, SHOWN).map((i) => ({ intent: i.name, confidence: round(i.confidence) })), entities: u.entities,
});

function lines(u: Understood, lang: Lang): string[] {
  const none = lang === 'en' ? '(out of scope)' : '（范围之外）';
  return [
    answerOf(u) ?? none, ...u.intents.slice(0, SHOWN).map((i) => `  ${i.confidence.toFixed(3)}  ${i.name}`), `  ${u.outOfScope.toFixed(3)}  ${none}`,
    ...u.entities.map((e) => `  ${e.entity} = ${e.value}  "${e.text}"`),
  ];
}
