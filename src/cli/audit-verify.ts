import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit, type AuditFault } from '../access/index.js';
import { readSettings } from '../config/index.js';
import { openStore } from '../store/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';

const USAGE = 'audit verify [--json]';

/** Whether the audit log is as it was written; while the application runs, too. Exit code 1 when it is not. */
export async function auditVerify(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest } = readOptions(args, { json: 'flag' }, USAGE);
  if (rest.length > 0) throw new WrongUse('audit verify takes no file', { hint: `usage: strowger ${USAGE}` });
  const { data } = readSettings(io.env).folders;
  const path = join(data, 'strowger.db');
  if (!existsSync(path)) throw new WrongUse(`there is no ${path}`, { hint: 'STROWGER_DATA says where the data folder is' });
  const store = await openStore({ path });
  try {
    const { rows, faults } = verifyAudit(store, data);
    if (json) io.out(JSON.stringify({ rows, faults }));
    else for (const line of linesOf(rows, faults, io.lang)) io.out(line);
    return faults.length > 0 ? 1 : 0;
  } finally {
    await store.close();
  }
}

function linesOf(rows: number, faults: readonly AuditFault[], lang: Io['lang']): string[] {
  const [whole, broken] = lang === 'zh-CN' ? [`审计日志完整：${String(rows)} 行`, `审计日志有 ${String(faults.length)} 处问题（共 ${String(rows)} 行）`] : [`the audit log is whole: ${String(rows)} rows`, `the audit log has ${String(faults.length)} fault(s) in ${String(rows)} rows`];
  return [faults.length === 0 ? whole : broken, ...faults.map(({ code, message }) => `  ${code}: ${message}`)];
}
