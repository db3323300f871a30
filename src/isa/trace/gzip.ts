import { gzipSync } from 'node:zlib'

/** Pieces of text as gzip, each a member of its own: one behind another they are a gzip file of the whole text. */
export const gzipped =
  (write: (bytes: Uint8Array) => void): ((text: string) => void) =>
  (text) =>
    write(gzipSync(text))
