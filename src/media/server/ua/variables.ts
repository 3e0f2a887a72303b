import { callIdOf, contactOf, fromOf, parseUri, toOf, topVia, type Remote, type SipRequest, type SipUri } from '../../../sip/stack/index.js';
import type { CallerProfile } from '../session/types.js';
import type { Variables } from '../session/variables.js';
import type { OurSide, Agreement } from './negotiate.js';

const sipUri = (text: string | undefined): SipUri | undefined => {
  if (text === undefined) return undefined;
  try {
    const uri = parseUri(text);
    return uri.kind === 'sip' ? uri : undefined;
  } catch {
    // A URI of another kind, or none: its variables stay unset.
    return undefined;
  }
};

export function callerProfile(invite: SipRequest, from: Remote): CallerProfile {
  const caller = fromOf(invite);
  const user = sipUri(caller.uri)?.user ?? '';
  return {
    username: user,
    callerName: caller.display ?? user,
    callerNumber: user === '' ? '0000000000' : user,
    networkAddress: from.address,
    destination: sipUri(invite.uri)?.user ?? '',
    context: 'mrf',
  };
}

export const channelName = (profileName: string, invite: SipRequest): string => {
  const uri = sipUri(fromOf(invite).uri);
  return `sofia/${profileName}/${uri?.user === undefined ? '' : `${uri.user}@`}${uri?.host ?? 'invalid'}`;
};

/** What mod_sofia tells about an INVITE, as far as clients ask for it; every X- header as `sip_h_X-…`. */
export function setInviteVariables(variables: Variables, invite: SipRequest, from: Remote, profileName: string): void {
  const set = variables.set;
  setAddress(variables, 'from', sipUri(fromOf(invite).uri));
  setAddress(variables, 'req', sipUri(invite.uri));
  setAddress(variables, 'to', sipUri(toOf(invite).uri));
  setAddress(variables, 'contact', sipUri(contactOf(invite)?.uri));
  set('sip_call_id', callIdOf(invite));
  set('sip_from_display', fromOf(invite).display);
  set('sip_full_from', invite.headers.get('From'));
  set('sip_full_to', invite.headers.get('To'));
  set('sip_user_agent', invite.headers.get('User-Agent'));
  set('sip_network_ip', from.address);
  set('sip_network_port', String(from.port));
  set('sip_received_ip', from.address);
  set('sip_received_port', String(from.port));
  set('sip_via_protocol', from.proto);
  set('sip_via_host', topVia(invite).host);
  set('sip_via_port', String(topVia(invite).port ?? 5060));
  set('sip_cseq', invite.headers.get('CSeq')?.split(' ')[0]);
  set('sofia_profile_name', profileName);
  set('recovery_profile_name', profileName);
  set('max_forwards', invite.headers.get('Max-Forwards'));
  set('rtp_use_codec_string', 'PCMU,PCMA');
  for (const [name, value] of invite.headers.entries()) if (/^[XP]-/i.test(name)) set(`sip_h_${name}`, value);
}

function setAddress({ set }: Variables, what: string, uri: SipUri | undefined): void {
  if (!uri) return;
  set(`sip_${what}_user`, uri.user);
  set(`sip_${what}_host`, uri.host);
  set(`sip_${what}_port`, uri.port === undefined ? undefined : String(uri.port));
  set(`sip_${what}_uri`, `${uri.user === undefined ? '' : `${uri.user}@`}${uri.host}${uri.port === undefined ? '' : `:${uri.port}`}`);
}

/** What the two session descriptions agreed on. */
export function setMediaVariables({ set }: Variables, us: OurSide, ourSdp: string | undefined, theirSdp: string | undefined, agreed: Agreement | undefined): void {
  set('rtp_local_sdp_str', ourSdp);
  set('local_media_ip', us.address);
  set('local_media_port', String(us.port));
  set('advertised_media_ip', us.address);
  if (theirSdp !== undefined) set('switch_r_sdp', theirSdp);
  if (!agreed) return;
  const { remote } = agreed;
  set('remote_media_ip', remote.address);
  set('remote_media_port', String(remote.port));
  for (const side of ['read', 'write', 'original_read']) set(`${side}_codec`, remote.codec);
  for (const side of ['read', 'write', 'original_read']) set(`${side}_rate`, '8000');
  set('rtp_use_codec_name', remote.codec);
  set('rtp_use_codec_rate', '8000');
  set('rtp_use_codec_ptime', String(remote.ptimeMs ?? 20));
  set('rtp_use_codec_channels', '1');
  set('rtp_use_pt', remote.codec === 'PCMU' ? '0' : '8');
  set('rtp_audio_recv_pt', remote.codec === 'PCMU' ? '0' : '8');
  set('rtp_2833_send_payload', remote.telephoneEvent && String(remote.telephoneEvent.payloadType));
  set('rtp_2833_recv_payload', remote.telephoneEvent && String(remote.telephoneEvent.receivePayloadType ?? remote.telephoneEvent.payloadType));
  set('dtmf_type', remote.telephoneEvent ? 'rfc2833' : 'info');
}
