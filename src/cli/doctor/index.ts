import { ConfigFaults, formatFault, readSettings, type Settings } from '../../config/index.js';
import { checkDialplans } from '../../ivr/index.js';
import type { ExitCode } from '../command.js';
import type { Io } from '../io.js';
import { houseOf, knownOf } from '../known.js';
import { readOptions } from '../options.js';
import { same, type Finding } from './check.js';
import { dataFolder, nativeModule, nodeVersion } from './machine.js';
import { address, ports, rtp } from './network.js';

/** Looks at everything that can keep Strowger from starting; exit code 1 when something will. */
export async function doctor(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json } = readOptions(args, { json: 'flag' }, 'doctor [--json]');
  const findings = await examine(io);
  if (json) io.out(JSON.stringify(findings.map(({ check, verdict, text, hint }) => ({ check, verdict, text: text[io.lang], hint: hint?.[io.lang] ?? null }))));
  else for (const { verdict, check, text, hint } of findings) io.out(`${mark[verdict]} ${check}: ${text[io.lang]}${hint ? `\n    → ${hint[io.lang]}` : ''}`);
  return findings.some((finding) => finding.verdict === 'fault') ? 1 : 0;
}

const mark = { ok: '✓', warning: '!', fault: '✗' } as const;

async function examine(io: Pick<Io, 'env' | 'err'>): Promise<readonly Finding[]> {
  const machine = [
    nodeVersion(),
    await nativeModule('better-sqlite3', 'fault', () => import('better-sqlite3').then((m) => new m.default(':memory:').close())),
    await nativeModule('espeak-ng', 'warning', () => import('@echogarden/espeak-ng-emscripten')),
  ];
  let settings: Settings;
  try {
    settings = readSettings(io.env);
  } catch (error) {
    return [...machine, ...faultsIn('environment', error)];
  }
  return [...machine, dataFolder(settings.folders.data), ...(await files(settings, io)), address(settings), rtp(settings), ...(await ports(settings))];
}

async function files(settings: Settings, io: Pick<Io, 'env' | 'err'>): Promise<readonly Finding[]> {
  const { config: configDir, dialplans } = settings.folders;
  try {
    const config = await houseOf(settings, io);
    const good: Finding = {
      check: 'config', verdict: 'ok',
      text: { en: `${configDir}: ${config.extensions.length} extensions, ${config.agents.length} agents, ${config.trunks.length} trunks`, 'zh-CN': `${configDir}：${config.extensions.length} 个分机，${config.agents.length} 个坐席，${config.trunks.length} 条中继` },
    };
    const faults = checkDialplans(dialplans, knownOf(config));
    if (faults.length === 0) return [good, { check: 'dialplans', verdict: 'ok', text: { en: `${dialplans}: no faults`, 'zh-CN': `${dialplans}：没有错误` } }];
    return [good, ...faults.map((f): Finding => ({ check: 'dialplans', verdict: f.severity === 'error' ? 'fault' : 'warning', text: same(formatFault(f)) }))];
  } catch (error) {
    return faultsIn('config', error);
  }
}

function faultsIn(check: string, error: unknown): readonly Finding[] {
  if (!(error instanceof ConfigFaults)) throw error;
  return error.faults.map((fault) => ({ check, verdict: 'fault', text: same(formatFault(fault)) }));
}
