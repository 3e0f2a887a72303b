export { SipSyntaxError } from './message/errors.js';
export { Headers } from './message/headers.js';
export { parseMessage } from './message/parse.js';
export { serialize } from './message/serialize.js';
export { formatUri, parseUri } from './message/uri.js';
export { formatNameAddr, parseNameAddr } from './message/name-addr.js';
export { formatVia, parseVia } from './message/via.js';
export { parseCSeq } from './message/cseq.js';
export { newBranch, newCallId, newTag } from './message/ids.js';
export { callIdOf, contactOf, cseqOf, fromOf, fromTag, topVia, toOf, toTag } from './message/read.js';
export { reasonPhrase } from './message/reasons.js';
export { answerTag, createRequest, createResponse, rejection, type RequestParts, type ResponseParts } from './message/create.js';
export type { CSeq, NameAddr, OtherUri, Params, SipMessage, SipRequest, SipResponse, SipUri, TelUri, Uri, Via } from './message/types.js';

export { responseTarget } from './transport/via.js';
export { createTransport } from './transport/transport.js';
export { locate, type Names } from './transport/locate.js';
export type { Hop } from './transport/hop.js';
export { ListenError, TransportError } from './transport/errors.js';
export type { Listen, Local, Proto, Remote, SendOptions, Transport, TransportLimits, TransportOptions } from './transport/types.js';

export { standardTiming, type Timing } from './transaction/link.js';
export { manualClock, systemClock, type Clock, type ManualClock } from './clock/clock.js';
export { createTransactions } from './layer/transactions.js';
export { createWire, type Wire } from './layer/wire.js';
export { createStack, type Stack, type StackOptions } from './layer/stack.js';
export type { ClientHandlers, ClientTx, Fork, RequestOptions, Retransmission, ServerEnd, ServerTx, Transactions, TransactionsOptions } from './layer/types.js';

export { answerKey, dialogKey, incomingKey, keyOf, onDialogAnswer, onDialogRequest, onDialogResponse, uacDialog, uasDialog, type Received } from './dialog/dialog.js';
export { ackFor2xx, inDialogRequest, nextHop, type InDialogParts } from './dialog/request.js';
export type { Dialog } from './dialog/types.js';

export { attribute, attributes, formatSdp, parseSdp } from './sdp/sdp.js';
export { payloadsOf, streamOf } from './sdp/stream.js';
export { audioSdp, type AudioParts } from './sdp/audio.js';
export { SdpSyntaxError } from './sdp/errors.js';
export type { Direction, PayloadType, Sdp, SdpLine, SdpMedia, Stream } from './sdp/types.js';
