import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../config/index.js';
import { isOurs, mustBeFree, PortTaken } from '../../supervisor/index.js';
import { same, type Finding } from './check.js';

/** Is a supervisor alive on this data folder? Then its ports are rightly taken. */
export function running(dataDir: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'run', 'supervisor.pid'), 'utf8'), 10);
    return isOurs(pid) ? pid : undefined;
  } catch {
    return undefined; // never started here
  }
}

export async function ports({ sip, http, drachtio, folders }: Settings): Promise<readonly Finding[]> {
  const pid = running(folders.data);
  if (pid !== undefined) return [{ check: 'ports', verdict: 'ok', text: { en: `Strowger runs here (process ${pid})`, 'zh-CN': `Strowger 正在运行（进程 ${pid}）` } }];
  const wanted = [...(drachtio ? [] : ([['SIP', 'udp', sip], ['SIP', 'tcp', sip]] as const)), ['HTTP', 'tcp', http] as const];
  return Promise.all(wanted.map(async ([use, proto, place]): Promise<Finding> => {
    const check = `${use.toLowerCase()} ${proto}`;
    try {
      await mustBeFree(use, proto, place);
      return { check, verdict: 'ok', text: { en: `${proto} ${place.host}:${place.port} is free`, 'zh-CN': `${proto} ${place.host}:${place.port} 空闲` } };
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      return { check, verdict: 'fault', text: same(error.message), hint: same(error.hint ?? '') };
    }
  }));
}

export function address({ publicAddress, sip }: Settings): Finding {
  const check = 'public address';
  const loopback = publicAddress.startsWith('127.') || publicAddress === '::1';
  if (loopback && (sip.host === '0.0.0.0' || sip.host === '::')) {
    return { check, verdict: 'warning', text: { en: `${publicAddress}: only phones on this machine will hear anything`, 'zh-CN': `${publicAddress}：只有本机话机能听到声音` }, hint: { en: 'set STROWGER_PUBLIC_ADDRESS', 'zh-CN': '请设置 STROWGER_PUBLIC_ADDRESS' } };
  }
  return { check, verdict: 'ok', text: { en: `SDP, Contact and Via name ${publicAddress}`, 'zh-CN': `SDP、Contact 和 Via 使用 ${publicAddress}` } };
}

/** A bridged call takes four ports: RTP and RTCP for each of its two legs. */
export function rtp({ rtp: { min, max }, freeswitch }: Settings): Finding {
  const calls = Math.floor((max - min + 1) / 4);
  if (freeswitch.length > 0) return { check: 'rtp', verdict: 'ok', text: { en: 'RTP is the business of the FreeSWITCH servers', 'zh-CN': 'RTP 由 FreeSWITCH 服务器负责' } };
  return { check: 'rtp', verdict: calls < 10 ? 'warning' : 'ok', text: { en: `RTP ports ${min}-${max}: room for ${calls} calls`, 'zh-CN': `RTP 端口 ${min}-${max}：可容纳 ${calls} 路通话` } };
}
