import type { FlowState } from './types.js';

/** Asking for somebody, in few words: a long sentence is for the intents to understand. */
const ASKED = {
  'zh-CN': /人工|真人|转人|接线员|客服/,
  en: /\b(agent|operator|representative|human|person|somebody|someone)\b/i,
} as const;
const NOT = { 'zh-CN': /不要|不用|不需要|别/, en: /\b(no|not|don't|without)\b/i } as const;
const LONGEST = { 'zh-CN': 12, en: 40 } as const;

/** What a recogniser that only knows some words must know besides. */
export const PERSON_WORDS = { 'zh-CN': ['人工', '转人工', '人工服务', '客服'], en: ['agent', 'operator', 'a person', 'representative', 'human'] } as const;
export const PERSON_KEY = '0';

export function asksForPerson(text: string, language: keyof typeof ASKED): boolean {
  const said = text.replaceAll(/\s+/g, language === 'zh-CN' ? '' : ' ').trim();
  return said.length <= LONGEST[language] && ASKED[language].test(said) && !NOT[language].test(said);
}

/** Somebody can be asked for: there is a flow for it, and the caller is not in it already. */
export const personThere = ({ plan, flow }: Pick<FlowState, 'plan' | 'flow'>): boolean => plan.person !== undefined && plan.person !== flow;
