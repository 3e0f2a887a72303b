import type { Session } from '../session/types.js';
import { find, usage, type ApiCommand } from './command.js';

/** Puts the RTP counters into channel variables, where uuid_dump shows them. */
export const uuidSetMediaStats: ApiCommand = (args, server) => {
  const uuid = args.trim();
  if (uuid === '') return usage('<uuid>');
  const session = find(server, uuid);
  if (!session) return `-ERR No such channel ${uuid}!\n`;
  setMediaStats(session);
  return '+OK:\n';
};

const RTP_HEADER = 12;

export function setMediaStats({ media, variables }: Session): void {
  const stats = media.stats();
  const audio = (name: string, value: string): void => variables.set(`rtp_audio_${name}`, value);
  const expected = stats.packetsIn + stats.lost;
  const lossRate = expected === 0 ? 0 : (stats.lost / expected) * 100;
  audio('in_raw_bytes', String(stats.bytesIn + stats.packetsIn * RTP_HEADER));
  audio('in_media_bytes', String(stats.bytesIn));
  audio('in_packet_count', String(stats.packetsIn));
  audio('in_media_packet_count', String(stats.packetsIn));
  audio('in_skip_packet_count', String(stats.lost));
  audio('in_jitter_packet_count', '0');
  audio('in_dtmf_packet_count', '0');
  audio('in_cng_packet_count', '0');
  audio('in_flush_packet_count', '0');
  audio('in_largest_jb_size', '0');
  audio('in_jitter_min_variance', stats.jitterMs.toFixed(2));
  audio('in_jitter_max_variance', stats.jitterMs.toFixed(2));
  audio('in_jitter_loss_rate', lossRate.toFixed(2));
  audio('in_jitter_burst_rate', '0.00');
  audio('in_mean_interval', '20.00');
  audio('in_flaw_total', String(stats.lost));
  const quality = Math.max(0, 100 - lossRate * 2.5);
  audio('in_quality_percentage', quality.toFixed(2));
  audio('in_mos', meanOpinion(93.2 * (quality / 100)).toFixed(2));
  audio('out_raw_bytes', String(stats.bytesOut + stats.packetsOut * RTP_HEADER));
  audio('out_media_bytes', String(stats.bytesOut));
  audio('out_packet_count', String(stats.packetsOut));
  audio('out_media_packet_count', String(stats.packetsOut));
  audio('out_skip_packet_count', '0');
  audio('out_dtmf_packet_count', '0');
  audio('out_cng_packet_count', '0');
  audio('rtcp_packet_count', '0');
  audio('rtcp_octet_count', '0');
}

/** R to MOS: ITU-T G.107 annex B. */
const meanOpinion = (r: number): number => (r <= 0 ? 1 : Math.min(4.5, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6));
