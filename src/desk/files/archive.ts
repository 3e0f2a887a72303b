import { open, type Entry, type ZipFile } from 'yauzl';
import { FileFault } from './errors.js';

/** Unpacked bytes, and how often the packed ones. */
const MOST_BYTES = 500 * 1024 * 1024;
const MOST_RATIO = 200;
const MOST_ENTRIES = 5_000;

/** We unpack nothing, but who saves the file will: one that bursts his disk is not passed on. @throws FileFault files.bomb, files.damaged */
export async function checkArchive(path: string, packed: number): Promise<void> {
  const zip = await opened(path);
  const bomb = (what: string): FileFault => new FileFault('files.bomb', `this archive is a bomb: ${what}`, 'send the files one by one');
  let bytes = 0;
  let entries = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      bytes += entry.uncompressedSize;
      entries += 1;
      if (entries > MOST_ENTRIES) return reject(bomb(`more than ${MOST_ENTRIES} files`));
      if (bytes > MOST_BYTES || bytes > packed * MOST_RATIO) return reject(bomb(`${bytes} bytes out of ${packed}`));
      zip.readEntry();
    });
    zip.once('end', resolve);
    zip.once('error', (cause) => reject(new FileFault('files.damaged', 'this archive cannot be read', 'pack it again', cause)));
    zip.readEntry();
  }).finally(() => zip.close());
}

const opened = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(new FileFault('files.damaged', 'this archive cannot be read', 'pack it again', error)) : resolve(zip)));
  });
