/** What one message may cost us before it is refused; the numbers are far above what phones and carriers send. */
export const maxMessageBytes = 65_536;
export const maxHeaderLines = 256;
export const maxLineChars = 16_384;
