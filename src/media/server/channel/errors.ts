import { StrowgerError } from '../../../base/index.js';

/** Every pair of ports of the range is taken, by us or by others. */
export class RtpPortsExhausted extends StrowgerError {
  readonly code = 'media.rtp_ports_exhausted';
}

/** The address RTP is to be bound to is not one of this machine's. */
export class RtpAddressUnusable extends StrowgerError {
  readonly code = 'media.rtp_address_unusable';
}

/** A command for a channel that is destroyed. */
export class ChannelGone extends StrowgerError {
  readonly code = 'media.channel_gone';
}

/** A channel with this uuid exists. */
export class ChannelExists extends StrowgerError {
  readonly code = 'media.channel_exists';
}
