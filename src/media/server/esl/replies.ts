/** Frames of the event socket, as mod_event_socket writes them. */
export const commandReply = (text: string): string => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;

/** `text` holds whole header lines and the empty one. */
export const commandReplyWith = (text: string): string => `Content-Type: command/reply\n${text}`;

export function apiResponse(text: string): string {
  const body = text === '' ? '-ERR no reply\n' : text;
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`;
}

export const eventFrame = (format: string, text: string): string => `Content-Length: ${Buffer.byteLength(text)}\nContent-Type: text/event-${format}\n\n${text}`;

export const AUTH_REQUEST = 'Content-Type: auth/request\n\n';

const GOODBYE = 'Disconnected, goodbye.\n';

export function disconnectNotice(uuid: string | undefined): string {
  const length = `Content-Length: ${Buffer.byteLength(GOODBYE)}\n\n${GOODBYE}`;
  if (uuid === undefined) return `Content-Type: text/disconnect-notice\n${length}`;
  return `Content-Type: text/disconnect-notice\nControlled-Session-UUID: ${uuid}\nContent-Disposition: disconnect\n${length}`;
}

/** @param seconds −1: for as long as the client stays */
export const lingerNotice = (uuid: string, channelName: string, seconds: number): string =>
  `Content-Type: text/disconnect-notice\nControlled-Session-UUID: ${uuid}\nContent-Disposition: linger\nChannel-Name: ${channelName}\nLinger-Time: ${seconds}\nContent-Length: 0\n\n`;
