import { readSettings } from '../config/index.js';
import { ASR_LANGUAGES, installModel, type AsrLanguage, type Installed } from '../speech/asr/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';

const USAGE = 'models add PATH|URL [--language zh-CN|en] [--sha256 HEX] [--json]';

/** Installs a speech model; a running server finds it at its next reload (SIGHUP), or at its start. */
export async function modelsAdd(args: readonly string[], io: Io, script?: string): Promise<ExitCode> {
  const { json, language, sha256, rest: [from, ...more] } = readOptions(args, { json: 'flag', language: 'value', sha256: 'value' }, USAGE);
  if (from === undefined || more.length > 0) throw new WrongUse('one model, please', { hint: `usage: strowger ${USAGE}` });
  if (language !== undefined && !isLanguage(language)) throw new WrongUse(`there is no language "${language}"`, { hint: `one of ${ASR_LANGUAGES.join(', ')}` });
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) throw new WrongUse('--sha256 wants 64 hexadecimal digits');
  const { folders, allowHosts } = readSettings(io.env);
  const installed = await installModel({ from, language, sha256, models: folders.models, allowHosts, now: Date.now, env: io.env, ...(script === undefined ? {} : { script }) });
  if (json) io.out(JSON.stringify(installed));
  else for (const line of linesOf(installed, io.lang)) io.out(line);
  return 0;
}

const isLanguage = (text: string): text is AsrLanguage => (ASR_LANGUAGES as readonly string[]).includes(text);

function linesOf({ name, language, folder, rate_hz, grammar, sha256 }: Installed, lang: Io['lang']): string[] {
  const [head, rate, words, sum] = lang === 'zh-CN'
    ? [`已安装 ${language} 语音模型 ${name}：${folder}`, `采样率 ${String(rate_hz)} Hz`, grammar ? '可用流程的词表' : '不支持词表', '校验和']
    : [`${name} is the model for ${language} now: ${folder}`, `${String(rate_hz)} Hz`, grammar ? 'flows may give it word lists' : 'without word lists', 'sha256'];
  return [head, `  ${rate}; ${words}`, ...(sha256 === undefined ? [] : [`  ${sum} ${sha256}`])];
}
