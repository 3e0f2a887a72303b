import { checkSpoken, LANGUAGES } from '../../../speech/tts/index.js';
import { withWord, type Prompt } from '../../machine/index.js';
import type { DialplanFault } from '../faults.js';
import type { DialplanFile, PlacedStep } from '../file.js';
import { each, type Slices } from '../slices.js';
import { errorIn, isMap, placedSteps, warningIn, writtenAt, type Known, type Path } from './placed.js';

type PlacedPrompt = readonly [prompt: Prompt, path: Path];

/** Everything a step may say, with where it is written. */
export function promptsOf(file: DialplanFile, { step, path }: PlacedStep): readonly PlacedPrompt[] {
  const at = (...inner: Path): Path => [...path, ...inner];
  const maybe = (prompt: Prompt | undefined, ...inner: Path): PlacedPrompt[] => (prompt === undefined ? [] : [[prompt, at(...inner)]]);
  const help = (list: readonly Prompt[]): PlacedPrompt[] => list.map((prompt, i) => [prompt, Array.isArray(writtenAt(file, at('help'))) ? at('help', i) : at('help')]);
  switch (step.do) {
    case 'say': return [[step.prompt, path]];
    case 'ask': return [
      [step.prompt, at('prompt')], ...help(step.help), ...maybe(step.keysPrompt, 'keys_prompt'),
      ...Object.entries(step.intents).flatMap(([name, way]) => [
        ...maybe(way.confirm, 'intents', name, 'confirm'), ...Object.entries(way.slots).flatMap(([entity, prompt]) => maybe(prompt, 'intents', name, 'slots', entity)),
      ]),
    ];
    case 'collect': return [[step.prompt, at('prompt')], ...help(step.help), ...maybe(step.wrong, 'wrong')];
    case 'survey': return [...step.questions.flatMap((q, i) => maybe(q.prompt, 'questions', i, 'prompt')), ...maybe(step.thanks, 'thanks')];
    case 'language': return [[step.prompt, at('prompt')]];
    case 'record': return maybe(step.prompt, 'prompt');
    default: return [];
  }
}

export function missingLanguages(file: DialplanFile): Slices<DialplanFault[]> {
  return each(placedSteps(file), (placed) => promptsOf(file, placed).flatMap(([prompt, path]) =>
    LANGUAGES.filter((lang) => prompt[lang] === undefined).map((lang) =>
      warningIn(file)(path, 'dialplan.missing_language', `there is no ${lang} text`, 'callers of that language hear the other one'))));
}

/** Markup that the voice would not take. */
export function badMarkup(file: DialplanFile): Slices<DialplanFault[]> {
  return each(placedSteps(file), (placed) => promptsOf(file, placed).flatMap(([prompt, path]) => LANGUAGES.flatMap((lang) => {
    const text = prompt[lang];
    const fault = text === undefined ? undefined : checkSpoken(withWord(text, 'one'));
    if (!fault) return [];
    const at = isMap(writtenAt(file, path)) ? [...path, lang] : path;
    return [errorIn(file)(at, 'dialplan.bad_markup', `${fault.message} (at character ${fault.at + 1})`, fault.hint)];
  })));
}

/** Without a model everybody is asked for keys; where there are none, he cannot answer. */
export function speechOff(file: DialplanFile, { speech }: Known): DialplanFault[] {
  if (!speech) return [];
  const deaf = LANGUAGES.filter((lang) => !speech.includes(lang));
  if (deaf.length === 0) return [];
  return placedSteps(file).flatMap(({ step, path }) => {
    if (step.do !== 'ask' || Object.keys(step.intents).length === 0) return [];
    const hint = Object.keys(step.keys).length === 0 ? 'there are no keys either: whoever is asked goes on as "otherwise" says' : 'callers are asked to press keys';
    return [warningIn(file)([...path, 'intents'], 'dialplan.intents_need_speech', `spoken answers need speech recognition, which is off for ${deaf.join(' and ')}`, `${hint}; strowger models add`, true)];
  });
}
