import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { same, type Finding } from './check.js';

const OLDEST_NODE: readonly [number, number] = [20, 19];
const FREE_BYTES = 1e9;

export function nodeVersion(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  const ok = major > needMajor || (major === needMajor && minor >= needMinor);
  return {
    check: 'node', verdict: ok ? 'ok' : 'fault', text: same(`Node.js ${version}`),
    ...(ok ? {} : { hint: { en: `install Node.js ${OLDEST_NODE.join('.')} or newer`, 'zh-CN': `请安装 Node.js ${OLDEST_NODE.join('.')} 或更新版本` } }),
  };
}

/** @param load imports the module; rejects where it is missing or was built for another Node */
export async function nativeModule(check: string, need: 'fault' | 'warning', load: () => Promise<unknown>): Promise<Finding> {
  try {
    await load();
    return { check, verdict: 'ok', text: { en: `${check} loads`, 'zh-CN': `${check} 可加载` } };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return {
      check, verdict: need, text: { en: `${check} does not load: ${why}`, 'zh-CN': `${check} 无法加载：${why}` },
      hint: { en: 'apt-get install build-essential python3, then npm ci', 'zh-CN': '先执行 apt-get install build-essential python3，再执行 npm ci' },
    };
  }
}

/** The folder, or the nearest one above it that exists. */
const existing = (dir: string): string => (existsSync(dir) || dirname(dir) === dir ? dir : existing(dirname(dir)));

export function dataFolder(dir: string): Finding {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { check: 'data', verdict: 'fault', text: { en: `${dir} cannot be written: ${why}`, 'zh-CN': `${dir} 不可写：${why}` }, hint: { en: 'give this user the folder, or set STROWGER_DATA', 'zh-CN': '授予当前用户写权限，或设置 STROWGER_DATA' } };
  }
  const { bavail, bsize } = statfsSync(existing(dir));
  const free = bavail * bsize;
  const gigabytes = (free / 1e9).toFixed(1);
  return {
    check: 'data', verdict: free < FREE_BYTES ? 'warning' : 'ok', text: { en: `${dir} can be written, ${gigabytes} GB free`, 'zh-CN': `${dir} 可写，剩余 ${gigabytes} GB` },
    ...(free < FREE_BYTES ? { hint: { en: 'a recorded hour takes 115 MB: free some space', 'zh-CN': '每小时录音占 115 MB：请清理磁盘' } } : {}),
  };
}
