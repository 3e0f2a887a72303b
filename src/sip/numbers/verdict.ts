/**
 * Whether another host or trunk is worth trying after this final status (RFC 3261 §21). 0: the request never left, or
 * the transport failed; 408 also stands for "no provisional answer in time". What the person called said, or what is
 * true of the number, ends the search; what only this carrier could not do goes on.
 */
export function goesOn(status: number): boolean {
  switch (status) {
    case 0: case 408: case 430:
      return true;
    case 401: case 403: case 407: // this carrier does not take calls from us
      return true;
    case 486: case 487: case 480: case 404: case 410: case 484: case 488: case 606:
      return false;
    default:
      return (status >= 300 && status < 400) || (status >= 500 && status < 600);
  }
}

/** Whether the status says that the host itself is in trouble, which counts against its health. */
export const hostFailed = (status: number): boolean => status === 0 || status === 408 || status === 503;
